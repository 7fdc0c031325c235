/** What a session takes, and what it says is to be done: the twin of `wscb/session/effects.py`. Only types. */
import type { Invoke, TaskState as State, Welcome } from "./protocol.gen";
import type { Change, Detail, Limits, Outcome, Spec } from "./types";

export type TaskState = readonly [callback: string, state: State, detail?: Detail];

export type Effect =
  | { do: "send"; frame: Uint8Array }
  /** `lost`: there was another session before, and it is gone. */
  | { do: "welcome"; mode: Welcome["mode"]; heartbeat: number; lost: boolean }
  | { do: "commit"; to: number; changes: Change[]; outcomes: Outcome[]; tasks: TaskState[] }
  /** A call has ended without the server: refused here, given up, or lost with its server. */
  | { do: "settle"; outcome: Outcome }
  /** Read a prop and call `answer`. */
  | { do: "read"; id: number; component: string; prop: string }
  | { do: "drain"; after: number }
  | { do: "error"; code: number; message: string; ref?: string | null | undefined };

export interface NewCall {
  id: number;
  callback: string;
  inputs: unknown[];
  state: unknown[];
  trigger: string[];
  ids?: NonNullable<Invoke["ids"]>;
  retry?: boolean | undefined;
  /** What a new call does to one that has not ended. */
  repeat?: Spec["on_repeat"];
  /** A persistent task: it has states and no outcome, and starts anew with every new session. */
  task?: boolean | undefined;
}

export interface SessionOptions {
  build: string;
  page: { path: string; query: string };
  visible: boolean;
  limits: Limits;
}
