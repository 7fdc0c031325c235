/**
 * Callbacks with `MATCH`, `ALL` and `ALLSMALLER` in their ids: which there are of each on the page, with plain ids. A
 * module of its own, which the pages load that have such callbacks.
 *
 * The values of `MATCH` in the outputs, or in the inputs where no output has one, tell them apart: one for each that an id
 * on the page has. `ALL` stands for every id that fits, in the order of the layout; `ALLSMALLER` for those whose
 * value is smaller than that of `MATCH`.
 */
import type { Resolve } from "./graph";
import { idOf, json, nodes, type Store } from "./store";
import { type Call, type Commit, isMap, type Read, type Spec } from "./types";

type Scalar = string | number | boolean;
export type DictId = Record<string, Scalar>;
export type Pattern = Record<string, Scalar | ["MATCH" | "ALL" | "ALLSMALLER"]>;
type Declared = readonly [id: string | Pattern, prop: string, optional?: boolean];

/** A spec as the page data has it. */
export interface Patterned {
  outputs: Declared[];
  inputs: Declared[];
  state: Declared[];
}

/** What a declared id stands for: a text, a list where it stands for several; null for an id that is no pattern. */
type Entry = string | string[] | null;

export interface Instance {
  bound: DictId;
  outputs: Entry[];
  inputs: Entry[];
  state: Entry[];
}

const text = (id: DictId) => json(Object.fromEntries(Object.entries(id).sort()));
const own = (id: DictId, key: string) => (Object.hasOwn(id, key) ? id[key] : undefined);
const has = (id: string | Pattern, ...wanted: string[]): id is Pattern =>
  isMap(id) && Object.values(id).some((part) => Array.isArray(part) && wanted.includes(part[0]));

/** What `MATCH` stands for when `id` fits the pattern, given what it stands for elsewhere; undefined when it does not. */
export function match(pattern: Pattern, id: DictId, bound: DictId = {}): DictId | undefined {
  const keys = Object.keys(pattern);
  if (keys.length !== Object.keys(id).length) return undefined;
  const found: DictId = {};
  for (const key of keys) {
    const part = pattern[key];
    const value = own(id, key);
    if (value === undefined) return undefined;
    if (!Array.isArray(part)) {
      if (part !== value) return undefined;
    } else if (part[0] === "MATCH") {
      if ((own(bound, key) ?? value) !== value) return undefined;
      found[key] = value;
    } else if (part[0] === "ALLSMALLER" && !smaller(value, own(bound, key))) return undefined;
  }
  return found;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Numbers, and texts that read as one, come before truth values, and these before all other texts. */
function rank(value: Scalar): [kind: number, value: Scalar] {
  if (typeof value === "boolean") return [1, value];
  return NUMBER.test(String(value)) && Number.isFinite(Number(value)) ? [0, Number(value)] : [2, value];
}

function smaller(value: Scalar, bound: Scalar | undefined): boolean {
  if (bound === undefined) return true;
  const [kind, mine] = rank(value);
  const [other, its] = rank(bound);
  return kind === other ? mine < its : kind < other;
}

/** @param ids those on the page that are dicts, in the order of the layout */
export function instances({ outputs, inputs, state }: Patterned, ids: DictId[]): Instance[] {
  const tells = (declared: Declared[]) => {
    const matching = declared.map(([id]) => id).filter((id) => has(id, "MATCH"));
    return matching.find((id) => !has(id, "ALL", "ALLSMALLER")) ?? matching[0];
  };
  const teller = tells(outputs) ?? tells(inputs);
  const found = teller ? ids.map((id) => match(teller, id)).filter((bound) => bound !== undefined) : [{}];
  return [...new Map(found.map((bound) => [text(bound), bound])).values()].map((bound) => {
    const filled = (declared: Declared[]) =>
      declared.map(([id]) => (isMap(id) ? resolve(id, bound, ids) : null));
    return { bound, outputs: filled(outputs), inputs: filled(inputs), state: filled(state) };
  });
}

function resolve(pattern: Pattern, bound: DictId, ids: DictId[]): Entry {
  if (has(pattern, "ALL", "ALLSMALLER")) return ids.filter((id) => match(pattern, id, bound)).map(text);
  const parts = Object.entries(pattern).map(([key, part]) => [key, Array.isArray(part) ? bound[key] : part]);
  return text(Object.fromEntries(parts));
}

const flat = <D extends Declared>(declared: D[], ids: Entry[]) =>
  declared.flatMap(([id, ...rest], i) => [ids[i] ?? id].flat().map((one) => [one, ...rest]));

/** Flat values in the form that was declared: a list for each id that stands for several. */
function nest(values: unknown[], ids: Entry[]): unknown[] {
  let at = 0;
  return ids.map((id) => {
    if (!Array.isArray(id)) return values[at++];
    at += id.length;
    return values.slice(at - id.length, at);
  });
}

/** Of the prop "id" the dict, as its author wrote it. */
const whole = (refs: readonly Read[], values: unknown[]) =>
  values.map((value, i) =>
    refs[i]?.[1] === "id" && String(value)[0] === "{" ? JSON.parse(String(value)) : value,
  );

/** Makes `spec` the plain one of an instance, in place: so who waits and who runs stays the same. */
function become(spec: Spec, declared: Spec, instance: Instance, ids: DictId[]): Spec {
  const raw = declared as unknown as Patterned & { cancel?: Declared[]; running?: Declared[] };
  const { bound, outputs, inputs, state } = instance;
  const entry = ([id]: Declared) => (isMap(id) ? resolve(id, bound, ids) : null);
  const more = (refs?: Declared[]) => refs && flat(refs, refs.map(entry));
  return Object.assign(spec, declared, {
    outputs: flat(raw.outputs, outputs),
    inputs: flat(raw.inputs, inputs),
    state: flat(raw.state, state),
    cancel: more(raw.cancel),
    running: more(raw.running),
    shape(call: Call) {
      call.inputs = nest(whole(spec.inputs, call.inputs), inputs);
      call.state = nest(whole(spec.state, call.state), state);
      // Where `running` or `cancel` alone have patterns, the call is as any other.
      const ids: Call["ids"] = [outputs, inputs, state];
      if (ids.flat().some((id) => id !== null)) call.ids = ids;
    },
  });
}

const keys = (refs: readonly Read[]) => refs.map(([id, prop]) => `${id}.${prop}`);

/** How the graph learns what there is on the page of the callbacks with patterns. */
export function patterns(specs: Spec[], store: Pick<Store, "root" | "has">): Resolve {
  const declared = specs.filter((spec) => spec.patterns);
  let made = new Map<string, Spec>();
  let loaded = false;
  return ({ added, removed }: Commit) => {
    const touched = [...added, ...removed].some((id) => id[0] === "{");
    if (loaded && !touched) return undefined;
    loaded = true;
    const ids = dictIds(store);
    const now = new Map<string, Spec>();
    const fewer: Spec[] = [];
    for (const spec of declared) {
      for (const instance of instances(spec as unknown as Patterned, ids)) {
        // A callback that can write nothing is not called.
        if (spec.outputs.length && !instance.outputs.flatMap((id) => id ?? "").length) continue;
        const key = `${spec.id} ${text(instance.bound)}`;
        const old = made.get(key);
        const before = old && keys(old.inputs);
        const plain = become(old ?? ({} as Spec), spec, instance, ids);
        const after = new Set(keys(plain.inputs));
        if (before?.some((input) => !after.has(input))) fewer.push(plain);
        now.set(key, plain);
      }
    }
    made = now;
    return { specs: [...now.values()], fewer };
  };
}

function dictIds(store: Pick<Store, "root" | "has">): DictId[] {
  const found = new Map<string, DictId>();
  for (const node of nodes(store.root)) {
    const id = idOf(node);
    if (id?.[0] === "{" && store.has(id)) found.set(id, JSON.parse(id));
  }
  return [...found.values()];
}
