/* The messages of wscb.v1. Generated from wscb/protocol/messages.py by gen-types.mjs: do not edit. */

export type WireChange =
  | ["set", string, string, unknown]
  | ["set", string, string, unknown, number]
  | ["op", string, string, WireOperation];
export type WireOperation =
  [OperationName, WirePath] | [OperationName, WirePath, unknown] | [OperationName, WirePath, unknown, number];
export type OperationName =
  | "assign"
  | "delete"
  | "append"
  | "prepend"
  | "insert"
  | "extend"
  | "remove"
  | "clear"
  | "reverse"
  | "add"
  | "sub"
  | "mul"
  | "truediv"
  | "merge";
export type WirePath = (string | number)[];
export type WireOutcome = [number, How] | [number, How, Detail];
export type How =
  "ok" | "no_update" | "error" | "cancelled" | "superseded" | "timeout" | "rejected" | "unknown";
export type WireTask = [string, TaskState] | [string, TaskState, Detail];
export type TaskState = "running" | "completed" | "failed" | "cancelled";
export type PageMessage = Hello | Invoke | Cancel | PropValue | Ack | Visible | Problem | Pong | Bye | Chunk;
export type ServerMessage = Welcome | Delta | GetProp | Ping | Drain | Error | Chunk;

/**
 * The page has applied, and when it is visible painted, all up to version `have`.
 */
export interface Ack {
  type: "ack";
  have: number;
}
/**
 * The page is leaving: its session ends now.
 */
export interface Bye {
  type: "bye";
}
/**
 * End the call or the task run `id`.
 */
export interface Cancel {
  type: "cancel";
  q: number;
  id: number;
}
/**
 * A piece of a frame that is too long to travel at once, either way.
 */
export interface Chunk {
  type: "chunk";
  data: Uint8Array;
  last: boolean;
}
/**
 * All that is newer than what was sent before, in one commit. After it the page has version `to`.
 *
 * The server never builds one of these: codec.delta splices parts that are packed already.
 */
export interface Delta {
  changes?: WireChange[];
  outcomes?: WireOutcome[];
  tasks?: WireTask[];
  type: "delta";
  to: number;
  cq: number;
  ack?: boolean;
}
/**
 * More about an outcome or a task. The exception's text and traceback leave the server in debug only.
 */
export interface Detail {
  code?: string;
  ref?: string;
  message?: string;
  traceback?: string;
  callback?: string;
}
/**
 * The server is going away: come back elsewhere, at a random moment within `after` milliseconds.
 */
export interface Drain {
  type: "drain";
  after: number;
}
/**
 * Why the connection is about to be closed.
 */
export interface Error {
  type: "error";
  code: number;
  message: string;
  ref?: string;
}
/**
 * Asks for a prop of the page as of version `at`; `left` are the milliseconds that the asker still waits.
 */
export interface GetProp {
  type: "get_prop";
  id: number;
  component: string;
  prop: string;
  at: number;
  left: number;
}
/**
 * The first message. `n` counts the opens of this page, `have` is the version that it has applied.
 */
export interface Hello {
  type: "hello";
  n: number;
  build: string;
  page: Location;
  visible: boolean;
  have: number;
  topics?: string[];
  session?: string;
  token?: string;
}
/**
 * Where the page was opened: what the browser's address says below the origin.
 */
export interface Location {
  path: string;
  query: string;
}
/**
 * Call a callback. `inputs` and `state` stand in the order of the declaration; no `trigger`: the initial call.
 *
 * `ids`, of a callback with patterns alone: what its outputs, inputs and states stand for in this call.
 */
export interface Invoke {
  type: "invoke";
  q: number;
  id: number;
  callback: string;
  inputs: unknown[];
  state: unknown[];
  trigger: string[];
  /**
   * @minItems 3
   * @maxItems 3
   */
  ids?: [(string | string[] | null)[], (string | string[] | null)[], (string | string[] | null)[]];
}
/**
 * What the page keeps by itself: bytes a message, calls in flight, messages a second.
 */
export interface PageLimits {
  message: number;
  calls: number;
  rate: number;
}
/**
 * The answer to `get_prop`: a value (None is one), unless there is an `error`: "not_on_page", or a text.
 */
export interface PropValue {
  type: "prop_value";
  id: number;
  value?: unknown;
  error?: string;
}
export interface Visible {
  type: "visible";
  visible: boolean;
}
/**
 * A change that the page could not apply, for the log.
 */
export interface Problem {
  type: "problem";
  code: string;
  component: string;
  prop: string;
  message: string;
}
export interface Pong {
  type: "pong";
}
export interface Ping {
  type: "ping";
}
/**
 * The answer to hello. `attach` counts the connections of the session; `cq` is the last `q` that it has.
 */
export interface Welcome {
  type: "welcome";
  session: string;
  token: string;
  attach: number;
  mode: "new" | "resumed" | "stale";
  cq: number;
  limits: PageLimits;
  heartbeat: number;
}
