/** The words that every room of the client shares. Types, and the few functions that all need; imports types only. */

import type { BannerState, Detail, How, Problem } from "./api";
import type { Invoke, TaskState } from "./protocol.gen";

export type { BannerState, Commit, ConnectionState, Detail, How, Outcome, Problem } from "./api";

/** A component: Dash's JSON form. `props.children` and other props hold the live tree. */
export interface Node {
  type: string;
  namespace: string;
  props: Record<string, unknown>;
}

/** The keys that would reach an object's prototype; refused wherever a name comes from outside. */
export const FORBIDDEN: ReadonlySet<unknown> = new Set(["__proto__", "constructor", "prototype"]);

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

export function isNode(value: unknown): value is Node {
  return (
    isMap(value) &&
    typeof value["type"] === "string" &&
    typeof value["namespace"] === "string" &&
    isMap(value["props"])
  );
}

/** What `map` has for `key`; made first where there is none. */
export function ensure<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

export type Path = readonly (string | number)[];

/** `[name, path, value?, maxlen?]`, see `patch.ts` for what each name does. */
export type Operation = readonly [name: string, path: Path, value?: unknown, maxlen?: number];

/** One change of a delta; a set of a `value` carries the `cq` as of its write. */
export type Change =
  | readonly ["set", component: string, prop: string, value: unknown, cq?: number]
  | readonly ["op", component: string, prop: string, operation: Operation];

/** `[component id, prop]` */
export type Ref = readonly [id: string, prop: string];

/** What is read. An optional one may be absent from the page, and is null then. */
export type Read = Ref | readonly [id: string, prop: string, optional: boolean];

/** One callback, as the page data declares it. */
export interface Spec {
  id: string;
  outputs: Ref[];
  inputs: Read[];
  state: Read[];
  initial: boolean;
  socket: boolean;
  persistent?: boolean;
  cancel?: Ref[];
  running?: [id: string, prop: string, on: unknown, off: unknown][];
  /** Left out: they run beside one another. */
  on_repeat?: "cancel" | "queue" | "ignore";
  retry?: boolean;
  /** Ids in it are patterns; `patterns.ts` makes plain ones of them. */
  patterns?: boolean;
  /** A function of the page runs it. `multi`: it returns a list, one value for each output. */
  clientside?: { namespace: string; name: string; multi?: boolean };
  /** Of one made from patterns: puts the values of a call in the form that the server takes. */
  shape?: (call: Call) => void;
}

export interface Call {
  id: number;
  spec: Spec;
  inputs: unknown[];
  state: unknown[];
  /** `id.prop` of what has changed; none in an initial call. */
  trigger: string[];
  /** What the patterns of outputs, inputs and states stand for; null for an id that is none. */
  ids?: NonNullable<Invoke["ids"]>;
}

export interface Limits {
  /** Bytes of one message of ours, joined. */
  message: number;
  /** Calls that may be open at once. */
  calls: number;
  /** Messages a second. */
  rate: number;
}

/** The map in the page's data element. */
export interface PageData {
  build: string;
  base: string;
  title: string;
  /** The title while calls run; null leaves it alone. */
  update_title?: string | null;
  debug?: boolean;
  socket?: boolean;
  /** False: the state is marked and announced as an event, and no banner is shown. */
  banner?: boolean;
  limits: Limits;
  layout: unknown;
  callbacks: Spec[];
}

/** What the client asks of the store's reader in the page; `dom/` gives it, `connect()` does without. */
export interface DomPage {
  /** No call is made before; there only if there is something to wait for. */
  ready?: Promise<unknown> | undefined;
  /** After the next paint that follows the current commit; at once when hidden. */
  painted(): Promise<void>;
  /** The id of the component that has the focus and is editable. */
  focused(): string | undefined;
  /** Props that wait on a call, by component, and whether any call runs; replaces what was said before. */
  loading(waiting: Map<string, Set<string>>, busy: boolean): void;
  banner(state: BannerState): void;
  /** A call has ended, or a task has come to another state. */
  ended(spec: Spec, how: How | TaskState, detail?: Detail): void;
  /** The server's log has it, where there is a socket; it is shown in debug. */
  problem(problem: Problem): void;
}

export interface MountOptions<Store> {
  root: HTMLElement;
  store: Store;
  /** The page's own change: what a person typed, clicked, chose. */
  emit: (id: string, props: Record<string, unknown>) => void;
  page: PageData;
  /** A prop that was refused, a component that could not be shown. */
  problem: (problem: Problem) => void;
}

/** Whether it is an error to tell of. A call that `on_repeat="ignore"` has left out is none. */
export const isError = (how: How | TaskState, detail?: Detail): boolean =>
  detail?.code !== "ignored" && /error|timeout|rejected|unknown|failed/.test(how);

/** A callback by what it writes, or reads where it writes nothing; its author wants to know both. */
export function nameOf({ outputs, inputs, id }: Spec, debug?: boolean): string {
  const [first, second] = [outputs[0], inputs[0]].flatMap((ref) => ref?.slice(0, 2).join(".") ?? []);
  return debug && second ? `${first} (${second})` : (first ?? id);
}
