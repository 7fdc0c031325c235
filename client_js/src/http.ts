/** A call over HTTP: one POST, answered by a delta with its changes and its one outcome. */
import { backoff } from "./backoff";
import type { decode, pack } from "./codec";
import type { Call, Change, Detail, How, Outcome, Spec } from "./types";

const TYPE = "application/x-msgpack";

export interface Answer {
  changes: Change[];
  outcome: Outcome;
}

export interface HttpEnv {
  fetch: typeof fetch;
  random(): number;
  now(): number;
  later(ms: number, then: () => void): () => void;
  /** The page has them; this module, which it loads later, need not bring them. */
  pack: typeof pack;
  decode: typeof decode;
}

/**
 * Makes the call. A network error after sending leaves its end `unknown`; it is repeated only if the callback's author
 * said that running twice is harmless.
 *
 * @param signal aborts it, and nothing is returned
 * @param limit bytes of the body; a larger one is `rejected` here
 */
export async function post(
  env: HttpEnv,
  url: string,
  call: Call,
  limit: number,
  signal: AbortSignal,
): Promise<Answer | undefined> {
  const { id, spec, inputs, state, trigger, ids } = call;
  const end = (how: How, detail: Detail): Answer => ({ changes: [], outcome: { id, how, detail } });
  const body = env.pack({ type: "invoke", q: 0, id, callback: spec.id, inputs, state, trigger, ids }, limit);
  if ("code" in body) return end("rejected", body);
  const began = env.now();
  for (;;) {
    const answer = await once(env, url, body, signal).catch(() => undefined);
    if (signal.aborted) return undefined;
    if (typeof answer === "number" && answer < 500) {
      // A login that is over is a 401, or a redirect to where one signs in.
      const signedOut = answer === 401 || !answer;
      return end(
        "rejected",
        signedOut ? { code: "signed_out" } : { code: "http", message: `HTTP ${answer}` },
      );
    }
    if (typeof answer === "object") return inTurn(answer, call);
    if (!spec.retry) return end("unknown", { code: "unknown" });
    await new Promise<void>((done) => env.later(backoff(env.now() - began, env.random), done));
    if (signal.aborted) return undefined;
  }
}

/** The newest call of each callback that has ended `ok`. */
const newest = new WeakMap<Spec, number>();

/** An answer that a newer one has overtaken: its outputs are not applied, what `set_props` did in it is. */
function inTurn(answer: Answer, { id, spec }: Call): Answer {
  const { changes, outcome } = answer;
  if (outcome.how !== "ok") return answer;
  if (id > (newest.get(spec) ?? 0)) {
    newest.set(spec, id);
    return answer;
  }
  const written = ([, component, prop]: Change) =>
    spec.outputs.some(([id, output]) => id === component && output === prop);
  return {
    changes: changes.filter((change) => !written(change)),
    outcome: { ...outcome, how: "superseded" },
  };
}

/** The answer, or the status of one that is not ours; 0 for a redirect. */
async function once(
  env: HttpEnv,
  url: string,
  body: Uint8Array,
  signal: AbortSignal,
): Promise<Answer | number> {
  const response = await env.fetch(url, {
    method: "POST",
    headers: { "content-type": TYPE },
    body: body as Uint8Array<ArrayBuffer>,
    redirect: "manual",
    signal,
  });
  if (!response.headers.get("content-type")?.startsWith(TYPE)) return response.status;
  const delta = env.decode(new Uint8Array(await response.arrayBuffer())) as {
    changes?: Change[];
    outcomes: [[number, How, Detail?]];
  };
  const [id, how, detail] = delta.outcomes[0];
  return { changes: delta.changes ?? [], outcome: { id, how, detail } };
}
