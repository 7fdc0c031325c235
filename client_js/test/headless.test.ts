import { beforeEach, describe, expect, it, vi } from "vitest";
import type { BannerState, Headless } from "../src/api";
import { Client } from "../src/client";
import { type Ask, headless } from "../src/headless";
import type { PageData, Spec } from "../src/types";
import { FakeEnv, settle } from "./clock";
import { div } from "./nodes";

const spec: Spec = {
  id: "cb",
  inputs: [["run", "n_clicks"]],
  outputs: [["out", "children"]],
  state: [],
  initial: false,
  socket: true,
};
const page: PageData = {
  build: "b",
  base: "/app/",
  title: "T",
  socket: true,
  limits: { message: 10_000, calls: 8, rate: 100 },
  layout: [div("run"), div("out")],
  callbacks: [spec],
};

let env: FakeEnv;
let client: Headless;

const data = (): PageData => ({ ...page, layout: [div("run"), div("out")] });
const begin: Parameters<typeof headless>[1] = (data, mount) => new Client(data, env, mount);

beforeEach(() => {
  env = new FakeEnv();
  client = headless(data(), begin);
  env.link.welcome();
});

it("set triggers, subscribe tells, get reads", () => {
  const seen: string[] = [];
  const leave = client.subscribe((commit) => seen.push(...commit.changed.keys()));
  client.set("run", { n_clicks: 3 });
  leave();
  client.set("run", { n_clicks: 4 });
  expect([seen, client.get("run", "n_clicks")]).toEqual([["run"], 4]);
  expect(env.link.last("invoke")).toMatchObject({ inputs: [4] });
});

it("call resolves with the outcome", async () => {
  const call = client.call("cb", ["direct"]);
  expect(env.link.last("invoke")).toMatchObject({ inputs: ["direct"], trigger: [] });
  env.link.say({ type: "delta", to: 1, cq: 1, outcomes: [[1, "ok"]] });
  expect(await call).toMatchObject({ id: 1, how: "ok" });
  await expect(client.call("nobody")).rejects.toThrow(/nobody/);
});

it("the connection's state is told to who watches", () => {
  const watched: string[] = [];
  const leave = client.watch(({ state }) => watched.push(state));
  env.link.drop();
  leave();
  client.destroy();
  expect([watched, client.state, env.link.closed]).toEqual([["waiting"], "waiting", true]);
});

it("an error goes to the console", () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  void client.call("cb");
  env.link.say({ type: "delta", to: 1, cq: 1, outcomes: [[1, "error", { ref: "r1" }]] });
  expect(logged).toHaveBeenCalledWith("wscb:", expect.objectContaining({ ref: "r1" }));
});

it("an error goes to who wants it, and then not to the console", () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const onError = vi.fn();
  client = headless(data(), begin, { onError });
  env.link.welcome();
  void client.call("cb");
  env.link.say({ type: "delta", to: 1, cq: 1, outcomes: [[1, "error", { ref: "r1" }]] });
  expect(onError).toHaveBeenCalledWith({ code: "error", callback: "out.children", ref: "r1" });
  expect(logged).not.toHaveBeenCalled();
});

it("a value is the same one until it changes, also where a part of it does", async () => {
  const list = [1, 2];
  client.set("out", { items: list });
  expect(client.get("out", "items")).toBe(list);
  env.link.say({ type: "delta", to: 1, cq: 1, changes: [["op", "out", "items", ["append", [], 3]]] });
  await settle();
  expect([client.get("out", "items"), list]).toEqual([
    [1, 2, 3],
    [1, 2],
  ]);
});

it("the connection is another object after each change, and the same one between", () => {
  const before = client.connection;
  expect([client.connection, before.state]).toEqual([before, "live"]);
  expect(client.connection).toBe(before);
  env.link.drop();
  expect(client.connection).not.toBe(before);
});

it("its functions need no this, and a listener that throws keeps nobody else from hearing", () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  const { subscribe, watch, get, set } = client;
  const heard: string[] = [];
  const broken = () => {
    throw new Error("broken");
  };
  for (const listen of [subscribe, watch]) {
    listen(broken);
    listen(() => heard.push("first"));
    // The same function twice: each has its own way to stop.
    const same = () => heard.push("same");
    listen(same);
    listen(same)();
  }
  set("run", { n_clicks: 1 });
  env.link.drop();
  expect([get("run", "n_clicks"), heard]).toEqual([1, ["first", "same", "first", "same"]]);
  expect(logged).toHaveBeenCalledTimes(2);
});

describe("an app whose data is asked for", () => {
  let give: (page: PageData) => void;
  let fail: (error: Error) => void;
  let tell: (state: BannerState) => void;
  let signal: AbortSignal;
  const ask: Ask = (telling, stopping) => {
    tell = telling;
    signal = stopping;
    return new Promise((done, failed) => {
      give = done;
      fail = failed;
    });
  };
  const onError = vi.fn();

  beforeEach(() => {
    onError.mockReset();
    client = headless(ask, begin, { onError });
  });

  it("has nothing before, and does then what it was asked for meanwhile", async () => {
    const commits: string[][] = [];
    const states: string[] = [];
    client.subscribe(({ added }) => commits.push([...added]));
    client.watch(({ state }) => states.push(state));
    expect([client.state, client.get("run", "n_clicks")]).toEqual(["connecting", undefined]);
    client.set("run", { n_clicks: 7 });
    const call = client.call("cb", [1]);
    tell({ state: "waiting", retryAt: 1 });
    expect(client.connection).toMatchObject({ state: "waiting", retryAt: 1 });
    give(data());
    await client.ready;
    await settle();
    env.link.welcome();
    expect([client.get("run", "n_clicks"), commits[0], states.at(-1)]).toEqual([7, ["run", "out"], "live"]);
    const calls = env.link.sent.filter(({ type }) => type === "invoke");
    expect(calls.map(({ inputs }) => inputs)).toEqual([[7], [1]]);
    env.link.say({ type: "delta", to: 1, cq: 2, outcomes: [[2, "ok"]] });
    expect(await call).toMatchObject({ how: "ok" });
  });

  it("that is not to be had says so, and ends what was asked for", async () => {
    const call = client.call("cb");
    client.set("run", { n_clicks: 1 });
    fail(new Error("There is no app."));
    await expect(client.ready).rejects.toThrow("There is no app.");
    expect(await call).toMatchObject({ how: "rejected", detail: { code: "not_connected" } });
    expect(onError.mock.calls).toEqual([[{ code: "not_connected", message: "There is no app." }]]);
  });

  it("is not begun when it was given up before", async () => {
    client.destroy();
    expect(signal.aborted).toBe(true);
    give(data());
    await expect(client.ready).rejects.toThrow();
    expect([env.links.length, onError.mock.calls]).toEqual([1, []]);
  });
});
