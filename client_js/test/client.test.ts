import { beforeEach, describe, expect, it } from "vitest";
import { Client } from "../src/client";
import type { Spec } from "../src/types";
import { click, client, delta, env, follow, open, Screen, screen, spec } from "./client";
import { FakeEnv, settle } from "./clock";
import { div } from "./nodes";

describe("a call over the socket", () => {
  beforeEach(() => {
    open([spec("cb", "run.n_clicks", "out.children", { running: [["run", "disabled", true, false]] })]);
    env.link.welcome();
    click();
  });

  it("is made by a click, and its result comes with its outcome", () => {
    expect(env.link.last("invoke")).toMatchObject({
      callback: "cb",
      inputs: [1],
      trigger: ["run.n_clicks"],
      q: 1,
    });
    delta({ changes: [["set", "out", "children", "done"]], outcomes: [[1, "ok"]] });
    expect(client.store.get("out", "children")).toBe("done");
  });

  it("shows that it runs, until the last of it has ended", () => {
    click(2);
    expect([client.store.get("run", "disabled"), screen.waiting, screen.busy]).toEqual([
      true,
      ["out.children"],
      true,
    ]);
    delta({ outcomes: [[1, "ok"]] });
    expect([client.store.get("run", "disabled"), screen.busy]).toEqual([true, true]);
    delta({ outcomes: [[2, "error", { ref: "r1" }]] });
    expect([client.store.get("run", "disabled"), screen.waiting, screen.busy]).toEqual([false, [], false]);
    expect(screen.errors).toEqual([{ code: "error", callback: "cb", ref: "r1" }]);
  });

  it.each(["ok", "no_update", "cancelled", "superseded"])("is silent when it ends %s", (how) => {
    delta({ outcomes: [[1, how]] });
    expect([screen.errors, screen.busy]).toEqual([[], false]);
  });

  it("that was lost with its server says so, and is busy no more", () => {
    env.link.drop();
    env.clock.pass(500);
    env.link.welcome({ session: "s2" });
    expect(screen.errors).toEqual([{ code: "unknown", callback: "cb" }]);
    expect(screen.busy).toBe(false);
  });

  it("made while there is no connection runs once, afterwards", () => {
    delta({ outcomes: [[1, "ok"]], cq: 1 });
    env.link.drop();
    click(2);
    env.clock.pass(500);
    env.link.welcome({ mode: "resumed", cq: 1 });
    expect(env.link.sent.filter((message) => message.type === "invoke")).toMatchObject([
      { inputs: [2], q: 2 },
    ]);
  });

  it("that is rejected here does not stay busy", () => {
    screen.emit("run", { n_clicks: "x".repeat(20_000) });
    expect(screen.errors).toMatchObject([{ code: "too_big", callback: "cb" }]);
    delta({ outcomes: [[1, "ok"]] });
    expect(screen.busy).toBe(false);
  });
});

it("acknowledges after the paint", async () => {
  open([]);
  env.link.welcome();
  delta({ changes: [["set", "out", "children", 1]] });
  await settle();
  expect(env.link.last("ack")).toBeUndefined();
  await screen.paint();
  expect(env.link.last("ack")).toEqual({ type: "ack", have: 1 });
  delta({});
  await screen.paint();
  env.clock.pass(1000);
  expect(env.link.last("ack")).toEqual({ type: "ack", have: 2 });
});

it("calls what a delta's changes trigger in the same task", () => {
  open([spec("cb", "out.children", "bar.title")]);
  env.link.welcome();
  delta({ changes: [["set", "out", "children", 5]] });
  expect(env.link.last("invoke")).toMatchObject({ inputs: [5], trigger: ["out.children"] });
});

it("makes the initial calls, in order, when there is a server", () => {
  open([
    spec("second", "out.children", "bar.title", { initial: true }),
    spec("first", "run.n_clicks", "out.children", { initial: true }),
  ]);
  expect(env.link.sent).toEqual([]);
  env.link.welcome();
  expect(env.link.last("invoke")).toMatchObject({ callback: "first", trigger: [], inputs: [null] });
  delta({ changes: [["set", "out", "children", 1]], outcomes: [[1, "ok"]] });
  expect(env.link.last("invoke")).toMatchObject({ callback: "second", inputs: [1] });
});

it("takes what the page says while it is mounted into the initial calls", () => {
  const env = new FakeEnv();
  const page = {
    build: "b",
    base: "/",
    title: "",
    socket: true,
    limits: { message: 1000, calls: 8, rate: 100 },
    layout: [div("kept"), div("out")],
    callbacks: [spec("cb", "kept.data", "out.children", { initial: true })],
  };
  new Client(page, env, ({ emit }) => {
    emit("kept", { data: "from last time" });
    return new Screen();
  });
  env.link.welcome();
  const invokes = env.link.sent.filter((message) => message.type === "invoke");
  expect(invokes).toMatchObject([{ inputs: ["from last time"] }]);
});

describe("cancel=", () => {
  it("tells the server", () => {
    open([spec("cb", "run.n_clicks", "out.children", { cancel: [["stop", "n_clicks"]] })]);
    env.link.welcome();
    click();
    screen.emit("stop", { n_clicks: 1 });
    expect(env.link.last("cancel")).toEqual({ type: "cancel", q: 2, id: 1 });
    expect(screen.busy).toBe(true);
    delta({ outcomes: [[1, "cancelled"]] });
    expect(screen.busy).toBe(false);
  });
});

describe("on_repeat ignore", () => {
  it("is rejected in silence", () => {
    open([spec("cb", "run.n_clicks", "out.children", { on_repeat: "ignore" })]);
    env.link.welcome();
    click();
    delta({ outcomes: [[1, "rejected", { code: "ignored" }]] });
    click(2);
    delta({ outcomes: [[2, "rejected", { code: "unknown_callback", message: "no such callback" }]] });
    expect(screen.errors).toMatchObject([{ code: "unknown_callback" }]);
  });
});

describe("what is being typed", () => {
  const write = (value: string, cq: number) => delta({ changes: [["set", "field", "value", value, cq]] });
  const value = () => client.store.get("field", "value");

  beforeEach(() => {
    open([spec("cb", "run.n_clicks", "out.children")]);
    env.link.welcome();
    screen.focus = "field";
    screen.emit("field", { value: "abc" });
  });

  it("is not taken away by what the server wrote before it knew", () => {
    write("old", 0);
    expect(value()).toBe("abc");
    click();
    write("old", 0);
    expect(value()).toBe("abc");
  });

  it("gives way to what the server wrote when it knew", () => {
    click();
    write("new", 1);
    expect(value()).toBe("new");
  });

  it("is protected again by the next stroke", () => {
    click();
    screen.emit("field", { value: "abcd" });
    write("new", 1);
    expect(value()).toBe("abcd");
  });

  it("gives way when the field has lost the focus, and only the value is protected", () => {
    delta({ changes: [["set", "field", "title", "t"]] });
    expect(client.store.get("field", "title")).toBe("t");
    screen.focus = undefined;
    write("old", 0);
    expect(value()).toBe("old");
  });

  it("stays protected over a new session until that has heard of it", () => {
    env.link.drop();
    env.clock.pass(500);
    env.link.welcome({ session: "s2" });
    follow(0);
    write("fresh", 0);
    expect(value()).toBe("abc");
    click();
    write("fresh", 1);
    expect(value()).toBe("fresh");
  });

  it("and was sent to the last session gives way to the next", () => {
    click();
    env.link.drop();
    env.clock.pass(500);
    env.link.welcome({ session: "s2" });
    follow(0);
    write("fresh", 0);
    expect(value()).toBe("fresh");
  });
});

describe("get_prop", () => {
  beforeEach(() => {
    open([]);
    env.link.welcome();
  });

  const ask = (component: string, at: number) =>
    env.link.say({ type: "get_prop", id: 9, component, prop: "value", at, left: 100 });

  it("is answered from the store, as of its version", () => {
    screen.emit("field", { value: "typed" });
    ask("field", 1);
    expect(env.link.last("prop_value")).toBeUndefined();
    delta({});
    expect(env.link.last("prop_value")).toEqual({ type: "prop_value", id: 9, value: "typed" });
  });

  it("says when there is no such component", () => {
    ask("nobody", 0);
    expect(env.link.last("prop_value")).toEqual({ type: "prop_value", id: 9, error: "not_on_page" });
  });
});

describe("persistent tasks", () => {
  it("show their state, and what went wrong with them", () => {
    const running: Spec["running"] = [["bar", "hidden", false, true]];
    open([spec("task", "field.value", "", { persistent: true, initial: true, running })]);
    env.link.welcome();
    expect(env.link.last("invoke")).toMatchObject({ callback: "task", inputs: [""] });
    delta({ tasks: [["task", "running"]] });
    expect([client.store.get("bar", "hidden"), screen.busy]).toEqual([false, false]);
    delta({ tasks: [["task", "failed", { ref: "r" }]] });
    delta({ tasks: [["task", "failed", { callback: "tick (app.py:9)" }]] });
    expect([client.store.get("bar", "hidden"), screen.errors]).toEqual([
      true,
      [
        { code: "failed", callback: "task", ref: "r" },
        { code: "failed", callback: "tick (app.py:9)" },
      ],
    ]);
    expect(screen.ends).toEqual(["running", "failed", "failed"]);
  });
});

describe("a problem", () => {
  it("is reported; in debug it is also shown", () => {
    open([], { debug: true });
    env.link.welcome();
    delta({
      changes: [
        ["set", "nobody", "x", 1],
        ["set", "out", "children", 2],
      ],
    });
    expect(client.store.get("out", "children")).toBe(2);
    expect(env.link.last("problem")).toMatchObject({ code: "not_on_page", component: "nobody", prop: "x" });
    expect(screen.errors).toMatchObject([{ code: "not_on_page" }]);
  });
});

it("another outcome of a callback is told, good or bad", () => {
  open([spec("cb", "run.n_clicks", "out.children")]);
  env.link.welcome();
  click();
  delta({ outcomes: [[1, "error"]] });
  click(2);
  delta({ outcomes: [[2, "no_update"]] });
  expect(screen.ends).toEqual(["error", "no_update"]);
});
