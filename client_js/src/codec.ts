/**
 * MessagePack, the part of it that wscb.v1 uses: nil, bool, int, float, str, bin, array, map with str keys, and
 * extension 1, a typed array: one letter that names the dtype, then the little-endian bytes.
 *
 * Integers beyond 2^53 are BigInt, smaller ones never are. A map's `undefined` fields are left out, as in JSON.
 * Source of the format: https://github.com/msgpack/msgpack/blob/master/spec.md
 */

/** Bytes that are no value of ours, or a value that has no bytes. */
export class CodecError extends Error {}

/** Containers within containers; deeper is refused both ways, so that hostile bytes and circular values end. */
export const MAX_DEPTH = 264;

const ARRAYS = {
  b: Int8Array,
  B: Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  f: Float32Array,
  d: Float64Array,
};
type Letter = keyof typeof ARRAYS;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

const CUT = "cut";

function fail(why: string): never {
  throw new CodecError(why);
}

/** @throws CodecError when `bytes` are not exactly one value. */
export function decode(bytes: Uint8Array): unknown {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  return reader.at === bytes.length ? value : fail("bytes after the value");
}

class Reader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  value(depth: number): unknown {
    const first = this.#uint(1);
    if (first < 0x80) return first;
    if (first >= 0xe0) return first - 0x100;
    if (first < 0x90) return this.#map(first & 15, depth);
    if (first < 0xa0) return this.#array(first & 15, depth);
    if (first < 0xc0) return this.#text(first & 31);
    // Families of three or four sizes follow one another: 2 ** (first - start) bytes of length or of value.
    if (first >= 0xc4 && first <= 0xc6) return this.#take(this.#uint(1 << (first - 0xc4))).slice();
    if (first >= 0xc7 && first <= 0xc9) return this.#extension(this.#uint(1 << (first - 0xc7)));
    if (first >= 0xcc && first <= 0xce) return this.#uint(1 << (first - 0xcc));
    if (first >= 0xd4 && first <= 0xd8) return this.#extension(1 << (first - 0xd4));
    if (first >= 0xd9 && first <= 0xdb) return this.#text(this.#uint(1 << (first - 0xd9)));
    if (first === 0xdc || first === 0xdd) return this.#array(this.#uint(2 << (first - 0xdc)), depth);
    if (first === 0xde || first === 0xdf) return this.#map(this.#uint(2 << (first - 0xde)), depth);
    return this.#scalar(first);
  }

  #scalar(first: number): unknown {
    const view = this.#view;
    if (first === 0xc0) return null;
    if (first === 0xc2) return false;
    if (first === 0xc3) return true;
    if (first === 0xca) return view.getFloat32(this.#skip(4));
    if (first === 0xcb) return view.getFloat64(this.#skip(8));
    if (first === 0xcf) return small(view.getBigUint64(this.#skip(8)));
    if (first === 0xd0) return view.getInt8(this.#skip(1));
    if (first === 0xd1) return view.getInt16(this.#skip(2));
    if (first === 0xd2) return view.getInt32(this.#skip(4));
    if (first === 0xd3) return small(view.getBigInt64(this.#skip(8)));
    return fail(`no such type: ${first}`);
  }

  #skip(size: number): number {
    const from = this.at;
    this.at += size;
    return this.at > this.#bytes.length ? fail(CUT) : from;
  }

  #take(size: number): Uint8Array {
    return this.#bytes.subarray(this.#skip(size), this.at);
  }

  #uint(size: number): number {
    const from = this.#skip(size);
    if (size === 1) return this.#view.getUint8(from);
    return size === 2 ? this.#view.getUint16(from) : this.#view.getUint32(from);
  }

  #text(size: number): string {
    const bytes = this.#take(size);
    if (size < 24 && bytes.every((byte) => byte < 0x80)) return String.fromCharCode(...bytes);
    try {
      return utf8.decode(bytes);
    } catch {
      return fail("text that is not UTF-8");
    }
  }

  /** Every item has at least a byte, so a header cannot promise more than what is there. */
  #enter(items: number, depth: number): void {
    if (items > this.#bytes.length - this.at) fail(CUT);
    if (depth >= MAX_DEPTH) fail("too deep");
  }

  #array(size: number, depth: number): unknown[] {
    this.#enter(size, depth);
    const items = new Array<unknown>(size);
    for (let i = 0; i < size; i++) items[i] = this.value(depth + 1);
    return items;
  }

  #map(size: number, depth: number): Record<string, unknown> {
    this.#enter(size * 2, depth);
    const map: Record<string, unknown> = {};
    for (let i = 0; i < size; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== "string") fail("a key that is not text");
      const value = this.value(depth + 1);
      // Assigned, it would become the map's prototype.
      if (key === "__proto__") Object.defineProperty(map, key, { value, enumerable: true });
      else map[key as string] = value;
    }
    return map;
  }

  #extension(size: number): unknown {
    const type = this.#uint(1);
    const letter = type === 1 && size > 0 ? String.fromCharCode(this.#uint(1)) : "";
    if (!Object.hasOwn(ARRAYS, letter)) fail("no such extension");
    const ArrayType = ARRAYS[letter as Letter];
    if ((size - 1) % ArrayType.BYTES_PER_ELEMENT) fail("a typed array cut within an item");
    // Copied: the bytes may stand anywhere, a typed array only at multiples of its item's size.
    return new ArrayType(this.#take(size - 1).slice().buffer);
  }
}

function small(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** @throws CodecError for functions, symbols, integers of more than 64 bits, circular values. */
export function encode(value: unknown): Uint8Array {
  const writer = new Writer();
  writer.value(value, 0);
  return writer.done();
}

class Writer {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #at = 0;

  done(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  value(value: unknown, depth: number): void {
    if (value === null || value === undefined) this.#byte(0xc0);
    else if (typeof value === "boolean") this.#byte(value ? 0xc3 : 0xc2);
    else if (typeof value === "number") this.#number(value);
    else if (typeof value === "string") this.#text(value);
    else if (typeof value === "bigint") this.#bigint(value);
    else if (typeof value === "object") this.#object(value, depth);
    else fail(`a ${typeof value} cannot be sent`);
  }

  #object(value: object, depth: number): void {
    if (depth >= MAX_DEPTH) fail("too deep, or circular");
    if (value instanceof Uint8Array) this.#bin(value);
    else if (ArrayBuffer.isView(value)) this.#typed(value);
    else if (Array.isArray(value)) {
      this.#header(value.length, 0x90, 16, 0xdc, 2);
      for (const item of value) this.value(item, depth + 1);
    } else if ("toJSON" in value && typeof value.toJSON === "function") this.value(value.toJSON(), depth + 1);
    else this.#map(value as Record<string, unknown>, depth);
  }

  #map(map: Record<string, unknown>, depth: number): void {
    const keys = Object.keys(map).filter((key) => map[key] !== undefined);
    this.#header(keys.length, 0x80, 16, 0xde, 2);
    for (const key of keys) {
      this.#text(key);
      this.value(map[key], depth + 1);
    }
  }

  /** Makes room for `size` bytes and says where they begin. */
  #room(size: number): number {
    const from = this.#at;
    this.#at += size;
    if (this.#at > this.#bytes.length) {
      const more = new Uint8Array(this.#at * 2);
      more.set(this.#bytes);
      this.#bytes = more;
      this.#view = new DataView(more.buffer);
    }
    return from;
  }

  #byte(byte: number): void {
    const from = this.#room(1);
    this.#bytes[from] = byte;
  }

  #raw(bytes: Uint8Array): void {
    const from = this.#room(bytes.length);
    this.#bytes.set(bytes, from);
  }

  /** A number of `size` bytes after its type. */
  #sized(type: number, size: number, value: number): void {
    const from = this.#room(1 + size);
    this.#bytes[from] = type;
    if (size === 1) this.#view.setUint8(from + 1, value);
    else if (size === 2) this.#view.setUint16(from + 1, value);
    else this.#view.setUint32(from + 1, value);
  }

  /** A length: in the type's own byte when under `limit`, else in the fewest of `least`, ... 4 bytes. */
  #header(length: number, fix: number, limit: number, type: number, least: number): void {
    if (length < limit) this.#byte(fix | length);
    else {
      const size = length < 0x100 ? 1 : length < 0x10000 ? 2 : 4;
      const used = Math.max(size, least);
      this.#sized(type + (Math.log2(used) - Math.log2(least)), used, length);
    }
  }

  #text(text: string): void {
    const bytes = toUtf8.encode(text);
    this.#header(bytes.length, 0xa0, 32, 0xd9, 1);
    this.#raw(bytes);
  }

  #bin(bytes: Uint8Array): void {
    this.#header(bytes.length, 0, 0, 0xc4, 1);
    this.#raw(bytes);
  }

  #typed(array: ArrayBufferView): void {
    const letter = Object.keys(ARRAYS).find((key) => array instanceof ARRAYS[key as Letter]);
    if (!letter) fail(`a ${array.constructor.name} cannot be sent`);
    this.#header(array.byteLength + 1, 0, 0, 0xc7, 1);
    this.#byte(1);
    this.#byte((letter as string).charCodeAt(0));
    this.#raw(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }

  #number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      const from = this.#room(9);
      this.#bytes[from] = 0xcb;
      this.#view.setFloat64(from + 1, value);
    } else if (value >= 0) {
      if (value < 0x80) this.#byte(value);
      else if (value < 0x100) this.#sized(0xcc, 1, value);
      else if (value < 0x10000) this.#sized(0xcd, 2, value);
      else if (value <= 0xffffffff) this.#sized(0xce, 4, value);
      else this.#bigint(BigInt(value));
    } else if (value >= -0x20) this.#byte(value + 0x100);
    else if (value >= -0x80) this.#sized(0xd0, 1, value);
    else if (value >= -0x8000) this.#sized(0xd1, 2, value);
    else if (value >= -0x80000000) this.#sized(0xd2, 4, value);
    else this.#bigint(BigInt(value));
  }

  #bigint(value: bigint): void {
    const unsigned = value >= 0n;
    if (unsigned ? value >> 64n : value < -(1n << 63n))
      fail("an integer of more than 64 bits cannot be sent");
    const from = this.#room(9);
    this.#bytes[from] = unsigned ? 0xcf : 0xd3;
    this.#view.setBigUint64(from + 1, BigInt.asUintN(64, value));
  }
}
