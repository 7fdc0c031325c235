import { beforeEach, describe, expect, it } from "vitest";
import { LIMITS, Page } from "./page";

let page: Page;
beforeEach(() => {
  page = new Page();
});

describe("hello", () => {
  it("is first, counts the opens, and names the session once there is one", () => {
    page.do(page.session.opened());
    expect(page.sent).toEqual([
      { type: "hello", n: 1, build: "b", page: { path: "/", query: "" }, visible: true, have: 0 },
    ]);
    page.welcome();
    page.delta(7);
    page.session.closed(1006);
    page.sent = [];
    page.do(page.session.opened());
    expect(page.sent).toMatchObject([{ n: 3, session: "s1", token: "t-s1", have: 7 }]);
  });
});

describe("reliable messages", () => {
  it("wait for the welcome", () => {
    page.call(1);
    page.do(page.session.opened());
    expect(page.look()).toEqual(["hello"]);
    page.welcome();
    expect(page.look()).toEqual(["hello", "invoke 1 q1"]);
  });

  it("are sent again after a resume, those that the server does not have", () => {
    page.welcome();
    page.call(1);
    page.call(2);
    page.cancel(2);
    page.session.closed(1006);
    page.call(3);
    page.look();
    page.welcome("resumed", 1);
    expect(page.look()).toEqual(["hello", "invoke 2 q2", "cancel 2 q3", "invoke 3 q4"]);
  });

  it("are forgotten when a delta's cq covers them", () => {
    page.welcome();
    page.call(1);
    page.delta(1, { cq: 1 });
    page.session.closed(1006);
    page.look();
    page.welcome("resumed", 1);
    expect(page.look()).toEqual(["hello"]);
  });

  it("are cancelled once, and not at all when settled or unknown", () => {
    page.welcome();
    page.call(1);
    page.cancel(1);
    page.cancel(1);
    page.delta(1, { outcomes: [[1, "cancelled"]] });
    page.cancel(1);
    page.cancel(99);
    expect(page.look()).toEqual(["hello", "invoke 1 q1", "cancel 1 q2"]);
  });
});

describe("an outcome", () => {
  it("settles its call once", () => {
    page.welcome();
    page.call(1);
    page.delta(1, { outcomes: [[1, "ok"]] });
    page.delta(2, { outcomes: [[1, "ok"]] });
    expect(page.commits).toEqual([[1, "ok"]]);
  });
});

describe("acks", () => {
  beforeEach(() => {
    page.welcome();
    page.delta(1);
    page.painted(1);
    page.look();
  });

  it("come after the paint, once a second", () => {
    page.delta(2);
    expect(page.session.due).toBeUndefined();
    page.painted(2);
    expect(page.look()).toEqual([]);
    expect(page.session.due).toBe(1000);
    page.now = 1000;
    page.wake();
    expect(page.look()).toEqual(["ack 2"]);
    expect(page.session.due).toBeUndefined();
  });

  it("come at once when a quarter of the window is used", () => {
    page.delta(2, {}, 64 * 1024);
    page.painted(2);
    expect(page.look()).toEqual(["ack 2"]);
  });

  it("come at once when the delta asks for it, and is painted", () => {
    page.delta(2);
    page.delta(3, { ack: true });
    page.painted(2);
    expect(page.look()).toEqual([]);
    page.painted(3);
    expect(page.look()).toEqual(["ack 3"]);
  });

  it("never name what is not painted, nor come before a welcome", () => {
    page.delta(2);
    page.delta(3);
    page.painted(2);
    page.now = 5000;
    page.session.closed(1006);
    page.wake();
    expect(page.look()).toEqual([]);
    expect(page.session.due).toBeUndefined();
  });
});

describe("get_prop", () => {
  const ask = (at: number) =>
    page.receive({ type: "get_prop", id: 5, component: "a", prop: "x", at, left: 1000 });

  beforeEach(() => {
    page.welcome();
    page.sent = [];
  });

  it("is answered at its version", () => {
    ask(2);
    page.delta(1);
    expect(page.reads).toEqual([]);
    page.delta(2);
    expect(page.reads).toEqual([5]);
    page.do(page.session.answer(5, undefined));
    expect(page.sent).toEqual([{ type: "prop_value", id: 5, value: null }]);
  });

  it("is answered once", () => {
    ask(0);
    page.do(page.session.answer(5, 1));
    page.do(page.session.answer(5, 1));
    page.delta(1);
    expect(page.sent).toHaveLength(1);
    expect(page.reads).toEqual([5]);
  });

  it("is answered with why there is no value", () => {
    for (const [value, error, text] of [
      [null, "not_on_page", /^not_on_page$/],
      [() => 1, undefined, /function/],
      ["x".repeat(20_000), undefined, /bytes/],
    ] as const) {
      ask(0);
      page.do(page.session.answer(5, value, error));
      expect(page.sent.pop()).toMatchObject({
        type: "prop_value",
        id: 5,
        error: expect.stringMatching(text),
      });
    }
  });

  it("is forgotten with its socket: the server asks again", () => {
    ask(0);
    page.session.closed(1006);
    expect(page.session.answer(5, 1)).toEqual([]);
  });
});

describe("the rest", () => {
  it("answers pings, passes on drains and errors", () => {
    page.welcome();
    page.receive({ type: "ping" });
    page.receive({ type: "drain", after: 500 });
    page.receive({ type: "error", code: 4501, message: "who?" });
    expect(page.look()).toEqual(["hello", "pong"]);
    expect(page.other.slice(1)).toMatchObject([
      { do: "drain", after: 500 },
      { do: "error", code: 4501, message: "who?" },
    ]);
  });

  it("tells whether it is looked at, when that has changed since hello", () => {
    page.do(page.session.opened());
    page.do(page.session.visible(false));
    page.do(page.session.visible(true));
    page.do(page.session.visible(false));
    expect(page.look()).toEqual(["hello"]);
    page.receive({
      type: "welcome",
      session: "s",
      token: "t",
      attach: 1,
      mode: "new",
      cq: 0,
      limits: LIMITS,
      heartbeat: 0,
    });
    page.do(page.session.visible(false));
    expect(page.look()).toEqual(["visible"]);
  });

  it("reports at most five problems a second, and none without a server", () => {
    const problem = { code: "c", component: "a", prop: "x", message: "m" };
    page.do(page.session.problem(problem, 0));
    expect(page.look()).toEqual([]);
    page.welcome();
    page.look();
    for (let i = 0; i < 9; i++) page.do(page.session.problem(problem, 2000));
    expect(page.look()).toHaveLength(5);
    page.do(page.session.problem(problem, 3000));
    expect(page.look()).toHaveLength(1);
  });

  it("a delta before the welcome is nothing", () => {
    page.do(page.session.opened());
    page.delta(3);
    expect(page.session.have).toBe(0);
  });

  it("leaves with a bye, ends its calls, and comes back as new, with its tasks", () => {
    page.welcome();
    page.call(1);
    page.call(2, { callback: "task", task: true });
    page.delta(4);
    page.look();
    page.do(page.session.hide());
    expect(page.look()).toEqual(["bye"]);
    expect(page.settled).toEqual([[1, "cancelled"]]);
    page.do(page.session.opened());
    expect(page.sent.pop()).toEqual({
      type: "hello",
      n: 2,
      build: "b",
      page: { path: "/", query: "" },
      visible: true,
      have: 0,
    });
    page.welcome("new", 0, "s2");
    expect(page.look()).toEqual(["hello", "invoke 2 q1"]);
  });
});
