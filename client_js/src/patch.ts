/**
 * Operations on a prop: the twin of `wscb/protocol/patch.py`, held to the same vectors.
 *
 * `apply` is pure: it copies what is on the path and shares the rest, so what holds the old value keeps it whole.
 */
import { FORBIDDEN, isMap, type Operation, type Path } from "./types";

export class InvalidPatch extends Error {}

type TypedArray = Float64Array;
type Values = ArrayLike<unknown>;

function isTyped(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function isList(value: unknown): value is unknown[] | TypedArray {
  return Array.isArray(value) || isTyped(value);
}

/** @throws InvalidPatch when the value of `prop` has no such place, or the place cannot take the operation. */
export function apply(value: unknown, operation: Operation, prop?: string): unknown {
  return at(value, [prop ?? "", ...operation[1]], operation, 1);
}

function refuse([name, path]: Operation): never {
  throw new InvalidPatch(`${name} at ${JSON.stringify(path)}`);
}

const GROWS = new Set(["append", "prepend", "insert", "extend"]);

/** Children may be one component or text, or none: a list of one, or of none. */
function row(children: unknown): unknown {
  return isList(children) ? children : [children ?? []].flat();
}

/** The value with the operation done at `path`, of which `depth` steps are behind us; the first is the prop. */
function at(value: unknown, path: Path, operation: Operation, depth: number): unknown {
  const [name] = operation;
  if (depth === path.length)
    return act(path[depth - 1] === "children" && GROWS.has(name) ? row(value) : value, operation);
  const assigns = name === "assign";
  const key = place(value, path[depth] as string | number, assigns) ?? refuse(operation);
  // As in Dash, assign makes the maps on its way.
  const copy = isList(value) ? Array.from<unknown>(value) : { ...(value as Record<string, unknown>) };
  if (name === "delete" && depth === path.length - 1) {
    if (Array.isArray(copy)) copy.splice(key as number, 1);
    else delete copy[key];
  } else {
    const parts = copy as Record<string | number, unknown>;
    const part = Object.hasOwn(parts, key) ? parts[key] : undefined;
    parts[key] = at(part, path, operation, depth + 1);
  }
  return isTyped(value) ? (like(value, copy as unknown[]) ?? refuse(operation)) : copy;
}

/** The key of the next step, negative indices counted from the end; only an assign may name a new one. */
function place(value: unknown, key: string | number, assigns: boolean): string | number | undefined {
  if (typeof key === "number") {
    const index = isList(value) ? key + (key < 0 ? value.length : 0) : -1;
    if (index >= 0 && index < (value as Values).length) return index;
  } else if (!FORBIDDEN.has(key)) {
    const map = value ?? (assigns ? {} : value);
    if (isMap(map) && (assigns || Object.hasOwn(map, key))) return key;
  }
  return undefined;
}

function act(old: unknown, operation: Operation): unknown {
  const [name, , value, maxlen] = operation;
  const act = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  const result = act?.(old, value, maxlen);
  return result === undefined ? refuse(operation) : result;
}

type Act = (old: unknown, value: unknown, maxlen?: number) => unknown;

/** What each name does to the old value; undefined when it cannot. */
const ACTS: Record<string, Act> = {
  assign: (_old, value) => value,
  append: (old, value, maxlen) => join(old, [value], maxlen),
  extend: (old, value, maxlen) => (isList(value) ? join(old, value, maxlen) : undefined),
  prepend: (old, value) => spliced(old, 0, 0, value),
  insert: (old, value) =>
    Array.isArray(value) && value.length === 2 && Number.isInteger(value[0])
      ? spliced(old, value[0], 0, value[1])
      : undefined,
  remove: (old, value) => {
    const index = isList(old) ? Array.from<unknown>(old).findIndex((item) => equal(item, value)) : -1;
    return index < 0 ? undefined : spliced(old, index, 1);
  },
  clear: (old) => (isList(old) ? old.slice(0, 0) : isMap(old) ? {} : undefined),
  reverse: (old) => (isList(old) ? old.slice().reverse() : undefined),
  add: (old, value) =>
    typeof old === "string" && typeof value === "string" ? old + value : reckon(old, value, (a, b) => a + b),
  sub: (old, value) => reckon(old, value, (a, b) => a - b),
  mul: (old, value) => reckon(old, value, (a, b) => a * b),
  truediv: (old, value) => (Number(value) === 0 ? undefined : reckon(old, value, (a, b) => a / b)),
  merge: (old, value) => {
    if (!isMap(old) || !isMap(value) || Object.keys(value).some((key) => FORBIDDEN.has(key)))
      return undefined;
    return { ...old, ...value };
  },
};

function reckon(a: unknown, b: unknown, how: (a: number, b: number) => number): unknown {
  return isNumber(a) && isNumber(b) ? how(Number(a), Number(b)) : undefined;
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** The last `maxlen` of both; a typed array stays one of its own dtype. */
function join(old: unknown, more: Values, maxlen?: number): unknown {
  if (!isList(old)) return undefined;
  const drop = Math.max(0, old.length + more.length - (maxlen ?? Infinity));
  const kept = old.slice(drop);
  const added: unknown[] = Array.prototype.slice.call(more, Math.max(0, drop - old.length));
  if (!isTyped(kept)) return kept.concat(added);
  const fresh = like(kept, added);
  if (!fresh) return undefined;
  const joined = empty(kept, kept.length + fresh.length);
  joined.set(kept);
  joined.set(fresh, kept.length);
  return joined;
}

function empty(array: TypedArray, length: number): TypedArray {
  return new (array.constructor as new (length: number) => TypedArray)(length);
}

/** The items as an array of the same dtype, if they all are numbers of it. */
function like(array: TypedArray, items: unknown[]): TypedArray | undefined {
  const made = empty(array, items.length);
  const whole = !(array instanceof Float32Array || array instanceof Float64Array);
  const fits = items.every((item, i) => {
    if (!isNumber(item)) return false;
    made[i] = Number(item);
    return !whole || made[i] === Number(item);
  });
  return fits ? made : undefined;
}

/** `undefined` for what is no list, or an item that does not fit. */
function spliced(old: unknown, index: number, gone: number, ...items: unknown[]): unknown {
  if (!isList(old)) return undefined;
  const copy = Array.from<unknown>(old);
  copy.splice(index, gone, ...items);
  return isTyped(old) ? like(old, copy) : copy;
}

/** Equality by value, as `list.remove` in Python has it. */
function equal(a: unknown, b: unknown): boolean {
  if (isList(a) && isList(b))
    return a.length === b.length && a.every((x: unknown, i: number) => equal(x, b[i]));
  if (!isMap(a) || !isMap(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]))
  );
}
