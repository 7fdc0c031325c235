/** Operations on a prop: the twin of `wscb/protocol/patch.py`, held to the same vectors. */
import type { Operation, Path } from "./types";

export class InvalidPatch extends Error {}

export function apply(_current: unknown, _operation: Operation): unknown {
  throw new InvalidPatch();
}
export type { Path };
