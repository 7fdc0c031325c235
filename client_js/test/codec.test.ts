import { decode as reference, encode as referenceEncode } from "@msgpack/msgpack";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CodecError, decode, encode, MAX_DEPTH } from "../src/codec";
import { fromHex, toHex, untag, vectors } from "./vectors";

/** Values that both libraries have in common: no typed arrays, no BigInt, no undefined. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.string({ unit: "binary" }),
    fc.uint8Array(),
    fc.array(tie("value"), { maxLength: 40 }),
    fc.dictionary(
      fc.string({ unit: "grapheme" }).filter((key) => key !== "__proto__"),
      tie("value"),
      {
        maxKeys: 20,
        noNullPrototype: true,
      },
    ),
  ),
})).value;

const arrays = fc.oneof(
  fc.int8Array(),
  fc.int16Array(),
  fc.uint16Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
);

describe("held to @msgpack/msgpack", () => {
  it("reads what it writes, as it does itself", () => {
    fc.assert(
      fc.property(plain, (value) => {
        const bytes = referenceEncode(value);
        expect(decode(bytes)).toEqual(reference(bytes));
      }),
    );
  });

  it("writes what it reads", () => {
    fc.assert(fc.property(plain, (value) => void expect(reference(encode(value))).toEqual(value)));
  });

  it("writes every length as short as it does", () => {
    for (const size of [0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536]) {
      for (const value of ["x".repeat(size), new Array(size).fill(0), new Uint8Array(size)]) {
        expect(toHex(encode(value).subarray(0, 6))).toBe(toHex(referenceEncode(value).subarray(0, 6)));
      }
    }
    const map = Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`k${i}`, i]));
    expect(reference(encode(map))).toEqual(map);
  });

  it("refuses or reads any bytes, and never fails otherwise", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
    );
  });
});

describe("typed arrays", () => {
  it("come back as they went, wherever they stand in the frame", () => {
    fc.assert(
      fc.property(arrays, fc.string(), (array, before) => {
        expect(decode(encode([before, array]))).toEqual([before, array]);
      }),
    );
  });

  it("are copied: the frame may be reused", () => {
    const frame = encode(Float64Array.of(1, 2));
    const array = decode(frame);
    frame.fill(0);
    expect(array).toEqual(Float64Array.of(1, 2));
  });
});

describe("integers", () => {
  it("beyond 2^53 are BigInt, smaller ones never", () => {
    fc.assert(
      fc.property(fc.bigInt(-(2n ** 63n), 2n ** 64n - 1n), (int) => {
        const safe = Number.isSafeInteger(Number(int));
        expect(decode(encode(int))).toBe(safe ? Number(int) : int);
      }),
    );
  });

  it("of more than 64 bits are refused", () => {
    expect(() => encode(2n ** 64n)).toThrow(CodecError);
    expect(() => encode(-(2n ** 63n) - 1n)).toThrow(CodecError);
  });
});

describe("what cannot be sent", () => {
  it.each([[() => 1], [Symbol("x")], [new BigInt64Array(1)], [new DataView(new ArrayBuffer(1))]])(
    "%o",
    (value) => {
      expect(() => encode({ value })).toThrow(CodecError);
    },
  );

  it("a circle", () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => encode(circle)).toThrow(CodecError);
  });

  it("is refused as deep as it is read", () => {
    const nested = (depth: number) => fromHex(`${"91".repeat(depth)}c0`);
    const deepest = decode(nested(MAX_DEPTH));
    expect(toHex(encode(deepest))).toBe(toHex(nested(MAX_DEPTH)));
    expect(() => decode(nested(MAX_DEPTH + 1))).toThrow(CodecError);
    expect(() => encode([deepest])).toThrow(CodecError);
  });
});

it("leaves undefined fields out, and sends dates as JSON does", () => {
  expect(decode(encode({ a: undefined, b: 1 }))).toEqual({ b: 1 });
  expect(decode(encode([undefined, new Date(0)]))).toEqual([null, "1970-01-01T00:00:00.000Z"]);
});

it("keeps the sign of zero, and a byte order mark", () => {
  expect(decode(encode(-0))).toBe(-0);
  const text = `\ufeff${"x".repeat(40)}`;
  expect(decode(encode(text))).toBe(text);
});

it("never lets a key become a prototype", () => {
  const map = decode(fromHex("81a95f5f70726f746f5f5f81a5706f69736fc3")) as object;
  expect(Object.getPrototypeOf(map)).toBe(Object.prototype);
  expect(Object.keys(map)).toEqual(["__proto__"]);
});

interface Vector {
  name: string;
  hex: string;
  value: unknown;
}

describe("golden frames", () => {
  it.each([...vectors<Vector>("values.json"), ...vectors<Vector>("messages.json")])(
    "$name",
    ({ hex, value }) => {
      expect(decode(fromHex(hex))).toEqual(untag(value));
      expect(decode(encode(untag(value)))).toEqual(untag(value));
    },
  );

  it.each(vectors<Vector>("bad.json"))("refused: $name", ({ hex }) => {
    expect(() => decode(fromHex(hex))).toThrow(CodecError);
  });
});
