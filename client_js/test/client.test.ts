import { beforeEach, describe, expect, it } from "vitest";
import { Client } from "../src/client";
import { encode } from "../src/codec";
import { apply } from "../src/patch";
import {
  type BannerState,
  type Change,
  type Detail,
  type DomPage,
  isError,
  type PageData,
  type Problem,
  type Ref,
  type Spec,
} from "../src/types";
import { FakeEnv, settle } from "./clock";
import { div } from "./nodes";

/** What the page was told, and what a person does in it. */
class Screen implements DomPage {
  states: BannerState[] = [];
  errors: (Detail | Problem)[] = [];
  ends: string[] = [];
  waiting: string[] = [];
  busy = false;
  focus: string | undefined;
  ready: Promise<void> | undefined;
  emit: (id: string, props: Record<string, unknown>) => void = () => {};
  #painting: (() => void)[] = [];

  painted = () => new Promise<void>((done) => this.#painting.push(done));
  focused = () => this.focus;
  banner = (state: BannerState) => void this.states.push(state);
  ended: DomPage["ended"] = ({ id }, how, detail) => {
    this.ends.push(how);
    if (isError(how, detail)) this.errors.push({ code: how, callback: id, ...detail });
  };
  problem = (problem: Problem) => void this.errors.push(problem);
  loading = (waiting: Map<string, Set<string>>, busy: boolean) => {
    this.busy = busy;
    this.waiting = [...waiting].flatMap(([id, props]) => [...props].map((prop) => `${id}.${prop}`));
  };

  async paint(): Promise<void> {
    for (const done of this.#painting.splice(0)) done();
    await settle();
  }
}

const spec = (id: string, inputs: string, outputs: string, more: Partial<Spec> = {}): Spec => {
  const refs = (text: string) =>
    text
      .split(" ")
      .filter(Boolean)
      .map((ref) => ref.split(".") as unknown as Ref);
  return {
    id,
    inputs: refs(inputs),
    outputs: refs(outputs),
    state: [],
    initial: false,
    socket: true,
    ...more,
  };
};

let env: FakeEnv;
let screen: Screen;
let client: Client;
let to: number;

function open(callbacks: Spec[], more: Partial<PageData> = {}, ready?: Promise<void>): void {
  env = new FakeEnv();
  screen = new Screen();
  to = 0;
  const page: PageData = {
    build: "b",
    base: "/app/",
    title: "T",
    socket: true,
    limits: { message: 10_000, calls: 8, rate: 100 },
    layout: [div("run"), div("out"), div("field", null, { value: "" }), div("bar"), div("stop")],
    callbacks,
    ...more,
  };
  client = new Client(page, env, (options) => {
    screen.emit = options.emit;
    screen.ready = ready;
    return screen;
  });
}

const delta = (more: { changes?: Change[]; outcomes?: unknown[]; tasks?: unknown[]; cq?: number }) =>
  env.link.say({ type: "delta", to: ++to, cq: 0, ...more } as never);

const click = (n = 1) => screen.emit("run", { n_clicks: n });
const state = () => screen.states.at(-1)?.state;

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
  env = new FakeEnv();
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
    to = 0;
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
    to = 0;
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

describe("a call over HTTP", () => {
  const http = { socket: false };
  const reply = (more: object) => async () =>
    new Response(encode({ type: "delta", to: 0, cq: 0, ...more }) as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": "application/x-msgpack" },
    });

  beforeEach(() => {
    open([spec("cb", "run.n_clicks", "out.children", { ...http, cancel: [["stop", "n_clicks"]] })]);
  });

  it("needs no socket", async () => {
    env.answer = reply({ changes: [["set", "out", "children", "by http"]], outcomes: [[1, "ok"]] });
    env.link.drop(4503);
    click();
    expect(screen.busy).toBe(true);
    await settle();
    await settle();
    expect(env.requests).toEqual(["http://host/app/_wscb/invoke"]);
    expect([client.store.get("out", "children"), screen.busy]).toEqual(["by http", false]);
  });

  it("waits for what makes it, which may not be loaded at first: it was not sent, so it cannot have run", async () => {
    const { late } = env;
    let asked = 0;
    env.late = () => (++asked < 3 ? Promise.reject(new TypeError("network")) : late());
    env.answer = reply({ changes: [["set", "out", "children", "done"]], outcomes: [[1, "ok"]] });
    click();
    await settle();
    expect([asked, env.requests, screen.busy, screen.errors]).toEqual([1, [], true, []]);
    env.clock.pass(1000);
    await settle();
    env.clock.pass(1000);
    await settle();
    expect([env.requests.length, client.store.get("out", "children"), screen.busy]).toEqual([
      1,
      "done",
      false,
    ]);
  });

  it("that still waits for what makes it can be cancelled, and is not asked for any more", async () => {
    let asked = 0;
    env.late = () => {
      asked++;
      return Promise.reject(new TypeError("network"));
    };
    click();
    await settle();
    screen.emit("stop", { n_clicks: 1 });
    expect(screen.busy).toBe(false);
    asked = 0;
    env.clock.pass(500);
    await settle();
    env.clock.pass(5000);
    await settle();
    expect([env.requests, asked]).toEqual([[], 1]);
  });

  it("never overwrites what a newer one has brought", async () => {
    const answers: ((response: Response) => void)[] = [];
    env.answer = () => new Promise((done) => answers.push(done));
    const ends: unknown[] = [];
    client.call("cb", ["a"], [], ({ how }) => ends.push(`a ${how}`));
    client.call("cb", ["ab"], [], ({ how }) => ends.push(`ab ${how}`));
    await settle();
    const changes = (text: string) => [
      ["set", "out", "children", text],
      ["set", "bar", "title", text],
    ];
    answers[1]?.(await reply({ changes: changes("ab"), outcomes: [[2, "ok"]] })());
    await settle();
    answers[0]?.(await reply({ changes: changes("a"), outcomes: [[1, "ok"]] })());
    await settle();
    expect(ends).toEqual(["ab ok", "a superseded"]);
    expect([client.store.get("out", "children"), client.store.get("bar", "title")]).toEqual(["ab", "a"]);
    expect([screen.busy, screen.errors]).toEqual([false, []]);
  });

  it("is aborted by cancel=, and its answer is nothing any more", async () => {
    let signal: AbortSignal | undefined;
    env.answer = async (_url, init) => {
      signal = init?.signal as AbortSignal;
      return reply({ changes: [["set", "out", "children", "late"]], outcomes: [[1, "ok"]] })();
    };
    click();
    screen.emit("stop", { n_clicks: 1 });
    await settle();
    await settle();
    expect([signal?.aborted, client.store.get("out", "children"), screen.busy]).toEqual([true, null, false]);
  });

  it("does not take away what was typed since it began", async () => {
    const changes = [["set", "field", "value", "server's"]];
    env.answer = reply({ changes, outcomes: [[1, "ok"]] });
    screen.focus = "field";
    screen.emit("field", { value: "before" });
    click();
    await settle();
    await settle();
    expect(client.store.get("field", "value")).toBe("server's");
    env.answer = reply({ changes, outcomes: [[2, "ok"]] });
    click(2);
    screen.emit("field", { value: "after" });
    await settle();
    await settle();
    expect(client.store.get("field", "value")).toBe("after");
  });

  it("ends when the page is left", async () => {
    env.answer = () => new Promise(() => {});
    click();
    client.hide();
    expect(screen.busy).toBe(false);
  });
});

describe("operations, whose module is loaded when the first comes", () => {
  const append = (text: string): Change => ["op", "out", "children", ["add", [], text]];
  const title = (text: string): Change => ["set", "out", "title", text];
  let arrive: () => void;
  let fail: () => void;
  let asked: number;

  beforeEach(() => {
    open([spec("plain", "run.n_clicks", "out.children", { socket: false })]);
    asked = 0;
    env.patch = () => {
      asked++;
      return new Promise((done, failed) => {
        arrive = () => done({ apply });
        fail = () => failed(new TypeError("network"));
      });
    };
    env.link.welcome();
  });

  it("are awaited, and nothing overtakes them", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    delta({ changes: [append("b")] });
    delta({ changes: [["set", "out", "title", "later"], append("c")] });
    env.link.say({ type: "get_prop", id: 1, component: "out", prop: "children", at: 3, left: 100 });
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title")]).toEqual(["a", undefined]);
    expect(env.link.last("prop_value")).toBeUndefined();
    arrive();
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title"), asked]).toEqual([
      "abc",
      "later",
      1,
    ]);
    expect(env.link.last("prop_value")).toMatchObject({ value: "abc" });
    delta({ changes: [append("d")] });
    expect(client.store.get("out", "children")).toBe("abcd");
  });

  it("come again over another link when it cannot be loaded, and none is lost", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    delta({ changes: [append("b"), title("x")] });
    delta({ changes: [append("c")] });
    fail();
    await settle();
    expect([client.store.get("out", "children"), state()]).toEqual(["a", "waiting"]);
    env.clock.pass(500);
    env.link.welcome({ mode: "resumed" });
    expect([env.link.last("hello").have, env.link.last("problem")]).toEqual([1, undefined]);
    to = 1;
    delta({ changes: [append("b"), title("x")] });
    delta({ changes: [append("c")] });
    arrive();
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title"), asked]).toEqual([
      "abc",
      "x",
      2,
    ]);
  });

  it("are problems when it cannot be loaded and the link has ended meanwhile; the rest is applied", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    env.answer = async () => {
      const outcomes = [[1, "ok"]];
      const answer = { type: "delta", to: 0, cq: 0, changes: [append("b"), title("x")], outcomes };
      return new Response(encode(answer) as BlobPart, {
        headers: { "content-type": "application/x-msgpack" },
      });
    };
    env.link.drop(4501);
    click();
    await settle();
    fail();
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title")]).toEqual(["a", "x"]);
    expect(screen.errors).toMatchObject([{ code: "invalid_patch", component: "out" }]);
  });

  it("are not applied twice when the connection is lost meanwhile", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    delta({ changes: [append("b")] });
    env.link.drop();
    client.online(true);
    env.link.welcome({ mode: "resumed" });
    expect(env.link.last("hello")).toMatchObject({ have: 1 });
    to = 1;
    delta({ changes: [append("b")] });
    arrive();
    await settle();
    expect(client.store.get("out", "children")).toBe("ab");
  });

  it("may come over HTTP too", async () => {
    env.answer = async () =>
      new Response(
        encode({ type: "delta", to: 0, cq: 0, changes: [append("b")], outcomes: [[1, "ok"]] }) as BlobPart,
        { headers: { "content-type": "application/x-msgpack" } },
      );
    client.set("out", { children: "a" });
    click();
    await settle();
    expect([client.store.get("out", "children"), screen.busy]).toEqual(["a", true]);
    arrive();
    await settle();
    expect([client.store.get("out", "children"), screen.busy]).toEqual(["ab", false]);
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

it("another outcome of a callback is told, good or bad", () => {
  open([spec("cb", "run.n_clicks", "out.children")]);
  env.link.welcome();
  click();
  delta({ outcomes: [[1, "error"]] });
  click(2);
  delta({ outcomes: [[2, "no_update"]] });
  expect(screen.ends).toEqual(["error", "no_update"]);
});
