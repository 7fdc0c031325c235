import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apply, InvalidPatch } from "../src/patch";
import type { Operation } from "../src/types";
import { untag, vectors } from "./vectors";

interface Vector {
  name: string;
  prop: string;
  before: unknown;
  operation: unknown;
  after?: unknown;
  error?: string;
}

describe("as the server applies it", () => {
  it.each(vectors<Vector>("patch.json"))("$name", ({ prop, before, operation, after, error }) => {
    const value = untag(before);
    const run = () => apply(value, untag(operation) as Operation, prop);
    if (error) expect(run).toThrow(InvalidPatch);
    else expect(run()).toEqual(untag(after));
    expect(value).toEqual(untag(before));
  });
});

it("extends a typed array in its dtype, and keeps the last maxlen", () => {
  fc.assert(
    fc.property(fc.float64Array(), fc.float64Array(), fc.nat({ max: 20 }), (old, more, maxlen) => {
      const all = [...old, ...more];
      const after = apply({ y: old }, ["extend", ["y"], more, maxlen]) as { y: Float64Array };
      expect(after.y).toBeInstanceOf(Float64Array);
      expect([...after.y]).toEqual(all.slice(Math.max(0, all.length - maxlen)));
    }),
  );
});

it("shares what is beside the path", () => {
  const before = { a: { b: [1] }, c: {} };
  const after = apply(before, ["append", ["a", "b"], 2]) as typeof before;
  expect(before).toEqual({ a: { b: [1] }, c: {} });
  expect(after.c).toBe(before.c);
});

it("refuses a number that its integer array would wrap", () => {
  expect(() => apply(Uint8Array.of(1), ["append", [], 256])).toThrow(InvalidPatch);
});

it("refuses names that it does not know, also those that every object has", () => {
  for (const name of ["toString", "constructor", "explode"]) {
    expect(() => apply([], [name, []])).toThrow(InvalidPatch);
  }
});
