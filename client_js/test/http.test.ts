import { describe, expect, it } from "vitest";
import { decode, encode, pack } from "../src/codec";
import { type HttpEnv, post } from "../src/http";
import type { Spec } from "../src/types";

const TYPE = "application/x-msgpack";
const spec: Spec = { id: "cb", inputs: [], outputs: [], state: [], initial: false, socket: false };
const call = { id: 7, spec, inputs: [1], state: ["s"], trigger: ["a.x"] };

type Reply = () => Response | Promise<Response>;

const reply = (value: unknown, status = 200) =>
  new Response(encode(value) as Uint8Array<ArrayBuffer>, { status, headers: { "content-type": TYPE } });

/** A server that answers with one reply after the other, and a clock that jumps. */
function world(...replies: Reply[]) {
  const requests: [string, RequestInit][] = [];
  const waits: number[] = [];
  const abort = new AbortController();
  const env: HttpEnv = {
    pack,
    decode,
    now: () => 0,
    random: () => 1,
    later(ms, then) {
      waits.push(ms);
      then();
      return () => {};
    },
    fetch: async (url, init) => {
      requests.push([String(url), init as RequestInit]);
      return (replies.shift() as Reply)();
    },
  };
  const make = (more: object = {}, limit = 1000) =>
    post(env, "/u", { ...call, ...more }, limit, abort.signal);
  return { requests, waits, abort, make };
}

const broken: Reply = () => Promise.reject(new TypeError("network"));
const ok: Reply = () =>
  reply({ to: 0, cq: 0, type: "delta", changes: [["set", "a", "x", 1]], outcomes: [[7, "ok"]] });

describe("a call over HTTP", () => {
  it("posts the invoke, and gives changes and outcome", async () => {
    const { requests, make } = world(ok);
    expect(await make()).toEqual({
      changes: [["set", "a", "x", 1]],
      outcome: { id: 7, how: "ok", detail: undefined },
    });
    const [url, init] = requests[0] as [string, RequestInit];
    expect([url, init.method, init.headers]).toEqual(["/u", "POST", { "content-type": TYPE }]);
    expect(decode(init.body as Uint8Array)).toEqual({
      type: "invoke",
      q: 0,
      id: 7,
      callback: "cb",
      inputs: [1],
      state: ["s"],
      trigger: ["a.x"],
    });
  });

  it("believes our answer whatever its status", async () => {
    const { make } = world(() => reply({ type: "delta", outcomes: [[7, "rejected", { code: "c" }]] }, 400));
    expect(await make()).toMatchObject({ changes: [], outcome: { how: "rejected", detail: { code: "c" } } });
  });

  it.each([
    ["a refusal of something in between", () => new Response("no", { status: 403 }), "rejected", "http"],
    ["one for whom nobody is signed in", () => new Response("no", { status: 401 }), "rejected", "signed_out"],
    ["a redirect to a login", () => Response.error(), "rejected", "signed_out"],
    ["a failure of something in between", () => new Response("no", { status: 502 }), "unknown", "unknown"],
    ["a network error", broken, "unknown", "unknown"],
    [
      "bytes that are none of ours",
      () => new Response("x", { headers: { "content-type": TYPE } }),
      "unknown",
      "unknown",
    ],
  ] as const)("after %s", async (_name, answer, how, code) => {
    const { requests, make } = world(answer);
    expect(await make()).toMatchObject({ changes: [], outcome: { id: 7, how, detail: { code } } });
    expect(requests).toHaveLength(1);
  });

  it("is repeated only when twice is harmless", async () => {
    const { waits, make } = world(broken, () => new Response("", { status: 503 }), ok);
    expect(await make({ spec: { ...spec, retry: true } })).toMatchObject({ outcome: { how: "ok" } });
    expect(waits).toEqual([500, 500]);
  });

  it("is not sent when it cannot be, or is too big", async () => {
    const { requests, make } = world();
    expect(await make({ inputs: [() => 1] })).toMatchObject({ outcome: { how: "rejected" } });
    expect(await make({}, 10)).toMatchObject({ outcome: { how: "rejected", detail: { code: "too_big" } } });
    expect(requests).toEqual([]);
  });

  it("gives nothing once it is aborted", async () => {
    const { abort, make } = world(() => {
      abort.abort();
      return broken();
    });
    expect(await make({ spec: { ...spec, retry: true } })).toBeUndefined();
  });

  it.each([
    ["error", "error"],
    ["no_update", "no_update"],
    ["ok", "superseded"],
  ])("that ends %s after a newer one has ended ok is %s", async (how, then) => {
    const own: Spec = { ...spec, outputs: [["a", "x"]] };
    const answer = (id: number, how: string) => () =>
      reply({
        type: "delta",
        changes: [
          ["set", "a", "x", 1],
          ["set", "a", "y", 1],
        ],
        outcomes: [[id, how]],
      });
    const { make } = world(answer(8, "ok"), answer(7, how), answer(9, "ok"));
    expect(await make({ id: 8, spec: own })).toMatchObject({ outcome: { how: "ok" } });
    const older = await make({ id: 7, spec: own });
    expect(older?.outcome).toMatchObject({ id: 7, how: then });
    expect(older?.changes).toHaveLength(then === "superseded" ? 1 : 2);
    expect(await make({ id: 9, spec: own })).toMatchObject({
      changes: { length: 2 },
      outcome: { how: "ok" },
    });
  });
});
