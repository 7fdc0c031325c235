/** The golden frames that both ends are held to, with their tagged JSON read. */
import { readFileSync } from "node:fs";

const ARRAYS: Record<string, new (items: number[]) => ArrayBufferView> = {
  b: Int8Array,
  B: Uint8Array,
  h: Int16Array,
  H: Uint16Array,
  i: Int32Array,
  I: Uint32Array,
  f: Float32Array,
  d: Float64Array,
};

export function vectors<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(`../../tests/vectors/${file}`, import.meta.url), "utf8"));
}

export function untag(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untag);
  if (typeof value !== "object" || value === null) return value;
  const tagged = value as { $?: string; v?: unknown; hex?: string; dtype?: string };
  if (tagged.$ === "int") return BigInt(tagged.v as string);
  if (tagged.$ === "float") return tagged.v;
  if (tagged.$ === "bin") return fromHex(tagged.hex as string);
  if (tagged.$ === "array") {
    // The specials stand as texts among the numbers.
    const items = (tagged.v as (string | number)[]).map((item) => SPECIAL[item] ?? (item as number));
    return new (ARRAYS[tagged.dtype as string] as (typeof ARRAYS)[string])(items);
  }
  if (tagged.$ !== undefined) return SPECIAL[tagged.$];
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untag(item)]));
}

const SPECIAL: Record<string, number> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
