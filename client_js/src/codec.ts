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

function fail(why?: string): never {
  throw new CodecError(why);
}

/** @throws CodecError when `bytes` are not exactly one value. */
export function decode(bytes: Uint8Array): unknown {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let depth = 0;

  const skip = (size: number) => (at += size) - size;
  const take = (size: number) => {
    const part = bytes.slice(skip(size), at);
    return at > bytes.length ? fail() : part;
  };
  /** An integer of 1, 2 or 4 bytes. */
  const uint = (size: number) =>
    size < 2 ? view.getUint8(skip(1)) : size < 4 ? view.getUint16(skip(2)) : view.getUint32(skip(4));
  const text = (size: number) => utf8.decode(take(size));
  const list = <T>(size: number, item: () => T): T[] => {
    // Every item has at least a byte: a list that promises more than there are is not begun.
    if (++depth > MAX_DEPTH || at + size > bytes.length) fail();
    const items = Array.from({ length: size }, item);
    depth--;
    return items;
  };
  // Made so, a field `__proto__` is one like the others, and not the map's prototype.
  const map = (size: number) =>
    Object.fromEntries(
      list(size, () => {
        const key = value();
        return typeof key === "string" ? [key, value()] : fail();
      }),
    );
  const extension = (size: number): unknown => {
    const letter = uint(1) === 1 && size ? String.fromCharCode(uint(1)) : "";
    const ArrayType = ARRAYS[letter as Letter] ?? fail();
    // Copied: the bytes may stand anywhere, a typed array only at multiples of its item's size.
    return new ArrayType(take(size - 1).buffer);
  };

  function value(): unknown {
    const first = uint(1);
    // Sizes of a family follow one another: 2 ** (first - start) bytes of length or of value.
    const sized = (start: number) => uint(1 << (first - start));
    if (first < 0x80) return first;
    if (first < 0x90) return map(first & 15);
    if (first < 0xa0) return list(first & 15, value);
    if (first < 0xc0) return text(first & 31);
    if (first >= 0xe0) return first - 0x100;
    if (first === 0xc0) return null;
    if (first < 0xc2) return fail();
    if (first < 0xc4) return first > 0xc2;
    if (first < 0xc7) return take(sized(0xc4));
    if (first < 0xca) return extension(sized(0xc7));
    if (first === 0xca) return view.getFloat32(skip(4));
    if (first === 0xcb) return view.getFloat64(skip(8));
    if (first < 0xcf) return sized(0xcc);
    if (first === 0xcf) return small(view.getBigUint64(skip(8)));
    if (first < 0xd3) {
      const unused = 32 - (8 << (first - 0xd0));
      return (sized(0xd0) << unused) >> unused;
    }
    if (first === 0xd3) return small(view.getBigInt64(skip(8)));
    if (first < 0xd9) return extension(1 << (first - 0xd4));
    if (first < 0xdc) return text(sized(0xd9));
    return first < 0xde ? list(sized(0xdb), value) : map(sized(0xdd));
  }

  // What is not there, no text, or no whole item of an array is an error of the browser's.
  try {
    const decoded = value();
    if (at === bytes.length) return decoded;
  } catch {}
  return fail();
}

function small(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The bytes, or why the server would not take them: said here, so that the connection is not closed over it. */
export function pack(value: unknown, limit: number): Uint8Array | { code: string; message: string } {
  try {
    const bytes = encode(value);
    if (bytes.length <= limit) return bytes;
    return { code: "too_big", message: `${bytes.length} > ${limit} bytes` };
  } catch (error) {
    return { code: "cannot_encode", message: (error as Error).message };
  }
}

const eight = new Uint8Array(8);
const view = new DataView(eight.buffer);

/** @throws CodecError for functions, symbols, integers of more than 64 bits, circular values. */
export function encode(value: unknown): Uint8Array {
  // Taken modulo 256 at the end, so that negative numbers and the upper bits may stand in it.
  const out: number[] = [];

  const raw = (bytes: Uint8Array) => {
    for (const byte of bytes) out.push(byte);
  };
  /** An integer of 2 ** power bytes, after the type of that size in its family. */
  const sized = (family: number, power: number, value: number) => {
    out.push(family + power);
    for (let bits = 8 << power; bits; ) out.push(value >> (bits -= 8));
  };
  /** A length: in the type's own byte when under `limit`, else in the fewest bytes that the family has. */
  const header = (length: number, fix: number, limit: number, family: number, least = 0) => {
    if (length < limit) out.push(fix | length);
    else sized(family, Math.max(least, length < 0x100 ? 0 : length < 0x10000 ? 1 : 2), length);
  };
  const long = (type: number) => {
    out.push(type);
    raw(eight);
  };
  const text = (text: string) => {
    const bytes = toUtf8.encode(text);
    header(bytes.length, 0xa0, 32, 0xd9);
    raw(bytes);
  };
  const number = (value: number) => {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      view.setFloat64(0, value);
      long(0xcb);
    } else if (value !== (value | 0)) bigint(BigInt(value));
    else if (value >= -0x20 && value < 0x80) out.push(value);
    else sized(0xd0, 2, value);
  };
  const bigint = (value: bigint) => {
    const bits = BigInt.asUintN(64, value);
    if (value !== bits && value !== BigInt.asIntN(64, value)) fail("bigint");
    view.setBigUint64(0, bits);
    long(value < 0n ? 0xd3 : 0xcf);
  };
  const typed = (array: ArrayBufferView) => {
    const letter = Object.keys(ARRAYS).find((key) => array instanceof ARRAYS[key as Letter]);
    header(array.byteLength + 1, 0, 0, 0xc7);
    out.push(1, letter?.charCodeAt(0) ?? fail(array.constructor.name));
    raw(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  };
  const object = (object: object, depth: number) => {
    if (depth > MAX_DEPTH) fail("too deep");
    if (object instanceof Uint8Array) {
      header(object.length, 0, 0, 0xc4);
      raw(object);
    } else if (ArrayBuffer.isView(object)) typed(object);
    else if (Array.isArray(object)) {
      header(object.length, 0x90, 16, 0xdb, 1);
      for (const item of object) put(item, depth);
    } else if ("toJSON" in object && typeof object.toJSON === "function") put(object.toJSON(), depth);
    else {
      const fields = Object.entries(object).filter(([, field]) => field !== undefined);
      header(fields.length, 0x80, 16, 0xdd, 1);
      for (const [key, field] of fields) {
        text(key);
        put(field, depth);
      }
    }
  };
  const put = (value: unknown, depth: number) => {
    if (value == null) out.push(0xc0);
    else if (typeof value === "boolean") out.push(value ? 0xc3 : 0xc2);
    else if (typeof value === "number") number(value);
    else if (typeof value === "string") text(value);
    else if (typeof value === "bigint") bigint(value);
    else if (typeof value === "object") object(value, depth + 1);
    else fail(typeof value);
  };

  put(value, 0);
  return Uint8Array.from(out);
}
