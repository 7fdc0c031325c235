import { beforeEach, describe, expect, it } from "vitest";
import type { Spec } from "../src/types";
import { click, client, delta, env, open, screen, spec, state } from "./client";
import { settle } from "./clock";

describe("the connection", () => {
  it("is told to the page", () => {
    open([]);
    env.link.welcome();
    env.link.drop();
    expect(screen.states.map(({ state }) => state)).toEqual(["connecting", "live", "waiting"]);
  });

  it("comes back at once when the network or the person does", () => {
    open([]);
    env.link.welcome();
    env.link.drop();
    client.visible(true);
    expect(env.links).toHaveLength(2);
    env.link.drop();
    client.online(false);
    expect(state()).toBe("offline");
    client.online(true);
    expect(env.links).toHaveLength(3);
  });

  it.each(["visible", "online", "offline"])("asks for a sign of life when the browser says %s", (event) => {
    open([]);
    env.link.welcome();
    if (event === "visible") client.visible(true);
    else client.online(event === "online");
    expect(env.link.last("cancel")).toEqual({ type: "cancel", q: 1, id: 0 });
    env.clock.pass(1499);
    expect(state()).toBe("live");
    env.clock.pass(1);
    expect(state()).toBe("waiting");
  });

  it("says in hello what is looked at, and later when that changes", () => {
    open([]);
    env.link.welcome();
    client.visible(false);
    expect(env.link.last("cancel")).toBeUndefined();
    expect(env.link.sent).toMatchObject([
      { type: "hello", visible: true, page: { path: "/app/", query: "?q=1" } },
      { type: "visible", visible: false },
    ]);
  });

  it("after an idle close comes back with the next call", () => {
    open([spec("cb", "run.n_clicks", "out.children")]);
    env.link.welcome();
    env.link.drop(4001);
    click();
    env.link.welcome({ mode: "resumed" });
    expect(env.link.last("invoke")).toMatchObject({ callback: "cb" });
  });

  it("keeps to what a draining server and its last words said", () => {
    open([]);
    env.link.welcome();
    env.link.say({ type: "drain", after: 9000 });
    env.link.drop(4000);
    expect(screen.states.at(-1)?.retryAt).toBe(env.clock.now + 9000);
    env.clock.pass(9000);
    env.link.say({ type: "error", code: 4503, message: "Not from here." });
    env.link.drop(4503);
    expect(screen.states.at(-1)).toMatchObject({ state: "refused", reason: "Not from here." });
  });

  it("is not made for a page that needs none", () => {
    open([], { socket: false });
    client.visible(true);
    client.online(true);
    expect([env.links.length, state()]).toEqual([0, "live"]);
  });
});

describe("a server that was started again", () => {
  it.each([
    ["debug", true, "new", 1],
    ["debug", true, "stale", 1],
    ["production", false, "new", 0],
    ["production", false, "stale", 0],
  ] as const)("in %s", (_name, debug, mode, reloads) => {
    open([], { debug });
    env.link.welcome();
    env.link.drop(4000);
    env.clock.pass(500);
    env.link.welcome({ mode: "resumed" });
    expect(env.reloads).toBe(0);
    env.link.drop();
    env.clock.pass(500);
    env.link.welcome({ session: "s2", mode });
    expect(env.reloads).toBe(reloads);
  });

  it("does not reload a page that was never live, or that was left", () => {
    open([], { debug: true });
    env.link.drop(4005);
    env.clock.pass(500);
    env.link.welcome();
    client.hide();
    client.shown();
    env.link.welcome({ session: "s2" });
    expect(env.reloads).toBe(0);
  });
});

describe("leaving the page", () => {
  it("says bye, ends the calls, and stops; coming back starts as new", () => {
    open([spec("cb", "run.n_clicks", "out.children")]);
    env.link.welcome();
    click();
    client.hide();
    expect(env.link.last("bye")).toBeDefined();
    expect([env.link.closed, screen.busy, env.clock.pending]).toEqual([true, false, 0]);
    client.shown();
    env.link.welcome({ session: "s2" });
    expect(env.link.last("hello")).toMatchObject({ n: 2, have: 0 });
    expect(env.link.last("hello").session).toBeUndefined();
    expect(state()).toBe("live");
  });
});

it.each(["ready", "broken"])("connects and makes calls when the page is %s, not before", async (end) => {
  const ends: Record<string, () => void> = {};
  const ready = new Promise<void>((done, failed) => Object.assign(ends, { ready: done, broken: failed }));
  open([spec("cb", "run.n_clicks", "out.children", { initial: true })], {}, ready);
  expect(env.links).toEqual([]);
  ends[end]?.();
  await settle();
  env.link.welcome();
  expect(env.link.last("invoke")).toMatchObject({ callback: "cb" });
});

describe("a page that the server does not take", () => {
  const running: Spec["running"] = [["run", "disabled", true, false]];

  beforeEach(() => {
    open([
      spec("cb", "run.n_clicks", "out.children", { running }),
      spec("plain", "run.n_clicks", "bar.children", { socket: false }),
    ]);
    env.answer = () => new Promise(() => {});
    env.link.welcome();
  });

  it("ends its calls at once, and each new one, with one outcome; nothing stays busy", async () => {
    screen.emit("run", { n_clicks: 1 });
    env.link.drop(4501);
    expect(screen.errors).toEqual([{ code: "unknown", callback: "cb" }]);
    expect([state(), client.store.get("run", "disabled")]).toEqual(["refused", false]);
    const done = new Promise((done) => client.call("cb", [2], [], done));
    expect(await done).toMatchObject({ how: "rejected", detail: { code: "closed" } });
    expect([screen.errors.at(-1), client.store.get("run", "disabled")]).toEqual([
      { code: "closed", callback: "cb" },
      false,
    ]);
    expect(screen.waiting).toEqual(["bar.children"]);
  });

  it("makes its plain calls all the same", async () => {
    env.link.drop(4509);
    click();
    await settle();
    expect(env.requests.filter((url) => url.endsWith("invoke"))).toHaveLength(1);
  });

  it("is as new when it is taken again", () => {
    click();
    env.link.drop(4501);
    click(2);
    screen.states.at(-1)?.retry?.();
    click(3);
    env.link.welcome({ session: "s2" });
    expect(env.link.sent.filter(({ type }) => type === "invoke")).toMatchObject([{ inputs: [3], q: 1 }]);
    delta({
      cq: 1,
      changes: [["set", "out", "children", "done"]],
      outcomes: [[env.link.last("invoke").id, "ok"]],
    });
    expect([client.store.get("out", "children"), client.store.get("run", "disabled")]).toEqual([
      "done",
      false,
    ]);
  });
});

it("a clock ticks on while the line is down, and one call is made of it all", () => {
  open([spec("tick", "run.n_intervals", "out.children")]);
  env.link.welcome();
  env.link.drop();
  for (let n = 1; n <= 100; n++) screen.emit("run", { n_intervals: n });
  expect(screen.errors).toEqual([]);
  env.clock.pass(500);
  env.link.welcome({ mode: "resumed" });
  expect(env.link.sent.filter(({ type }) => type === "invoke")).toMatchObject([{ inputs: [100] }]);
});
