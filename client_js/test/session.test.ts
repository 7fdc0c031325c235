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

describe("another session", () => {
  it("ends what was handed to a socket as unknown, and numbers the rest anew", () => {
    page.welcome();
    page.call(1);
    page.session.closed(1006);
    page.call(2);
    page.look();
    page.welcome("new", 0, "s2");
    expect(page.settled).toEqual([[1, "unknown"]]);
    expect(page.look()).toEqual(["hello", "invoke 2 q1"]);
    expect(page.session.have).toBe(0);
  });

  it("the same when it is stale, and says so", () => {
    page.welcome();
    page.call(1);
    page.session.closed(1006);
    page.welcome("stale", 0, "s2");
    expect(page.settled).toEqual([[1, "unknown"]]);
    expect(page.other.at(-1)).toMatchObject({ do: "welcome", mode: "stale" });
  });

  it("gets again what may run twice, unless it was cancelled", () => {
    page.welcome();
    page.call(1, { retry: true });
    page.call(2, { retry: true });
    page.cancel(2);
    page.session.closed(1006);
    page.look();
    page.welcome("new", 0, "s2");
    expect(page.settled).toEqual([[2, "unknown"]]);
    expect(page.look()).toEqual(["hello", "invoke 1 q1"]);
  });

  it("gets nothing of a call that was cancelled before a server had it", () => {
    page.call(1);
    page.call(2);
    page.cancel(1);
    page.welcome();
    expect([page.settled, page.look()]).toEqual([[[1, "cancelled"]], ["hello", "invoke 2 q1"]]);
  });

  it("gets the tasks anew, with their last inputs", () => {
    page.welcome();
    page.call(1, { callback: "task", task: true, inputs: ["a"] });
    page.call(2, { callback: "task", task: true, inputs: ["b"] });
    page.session.closed(1006);
    page.sent = [];
    page.welcome("new", 0, "s2");
    expect(page.sent).toMatchObject([{ type: "hello" }, { type: "invoke", id: 2, inputs: ["b"], q: 1 }]);
    expect(page.settled).toEqual([]);
  });
});

describe("after a drain", () => {
  const drained = (code: number) => {
    page.welcome();
    page.call(1);
    page.call(2);
    page.delta(1, { cq: 1 });
    page.session.closed(code);
    page.look();
  };

  it("what is above the last cq has not run, and is sent again", () => {
    drained(4000);
    page.welcome("new", 0, "s2");
    expect(page.settled).toEqual([[1, "unknown"]]);
    expect(page.look()).toEqual(["hello", "invoke 2 q1"]);
  });

  it("the same when opens fail in between", () => {
    drained(4000);
    page.do(page.session.opened());
    page.session.closed(1006);
    page.look();
    page.welcome("new", 0, "s2");
    expect(page.settled).toEqual([[1, "unknown"]]);
  });

  it("only after 4000", () => {
    drained(4003);
    page.welcome("new", 0, "s2");
    expect(page.settled).toEqual([
      [1, "unknown"],
      [2, "unknown"],
    ]);
  });

  it("only on a socket that had its welcome", () => {
    page.welcome();
    page.call(1);
    page.session.closed(1006);
    page.do(page.session.opened());
    page.session.closed(4000);
    page.welcome("new", 0, "s2");
    expect(page.settled).toEqual([[1, "unknown"]]);
  });

  it("not after another server has welcomed it", () => {
    drained(4000);
    page.welcome("new", 0, "s2");
    page.session.closed(1006);
    page.welcome("new", 0, "s3");
    expect(page.settled).toEqual([
      [1, "unknown"],
      [2, "unknown"],
    ]);
  });
});

describe("limits", () => {
  it("queue the calls above those in flight", () => {
    page.welcome();
    for (const id of [1, 2, 3, 4, 5]) page.call(id);
    expect(page.look()).toEqual(["hello", "invoke 1 q1", "invoke 2 q2", "invoke 3 q3"]);
    page.delta(1, { outcomes: [[2, "ok"]] });
    expect(page.look()).toEqual(["invoke 4 q4"]);
  });

  it("cancel a queued call without the server", () => {
    page.welcome();
    for (const id of [1, 2, 3, 4]) page.call(id);
    page.cancel(4);
    expect(page.settled).toEqual([[4, "cancelled"]]);
    page.delta(1, { outcomes: [[2, "ok"]] });
    expect(page.look()).toEqual(["hello", "invoke 1 q1", "invoke 2 q2", "invoke 3 q3"]);
  });

  it("survive another session: what is queued stays queued", () => {
    page.welcome();
    for (const id of [1, 2, 3, 4]) page.call(id);
    page.session.closed(1006);
    page.look();
    page.welcome("new", 0, "s2");
    expect(page.look()).toEqual(["hello", "invoke 4 q1"]);
  });

  it("reject here what is too big or cannot be sent", () => {
    page.call(1, { inputs: ["x".repeat(10_000)] });
    page.call(2, { inputs: [() => 1] });
    expect(page.settled).toEqual([
      [1, "rejected"],
      [2, "rejected"],
    ]);
    expect(page.session.q).toBe(0);
  });

  it("of the rate hold messages back, and say when to wake", () => {
    const limits = { ...LIMITS, calls: 100, rate: 2 };
    page.welcome("new", 0, "s1", limits);
    for (const id of [1, 2, 3, 4]) page.call(id);
    expect(page.look()).toEqual(["hello", "invoke 1 q1", "invoke 2 q2"]);
    expect(page.session.due).toBe(500);
    page.now = 500;
    page.wake();
    expect(page.look()).toEqual(["invoke 3 q3"]);
    page.now = 1000;
    page.wake();
    expect(page.look()).toEqual(["invoke 4 q4"]);
    expect(page.session.due).toBeUndefined();
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

describe("what waits", () => {
  const n_intervals = { trigger: ["clock.n_intervals"] };
  const MOST = 3;

  it("is as many calls of one callback as may be in flight, and as many again; then the oldest gives way", () => {
    page.welcome();
    page.session.closed(1006);
    page.sent = [];
    for (let id = 1; id <= 2 * MOST + 2; id++) page.call(id);
    page.call(9, { callback: "other" });
    expect(page.settled).toEqual([
      [4, "rejected"],
      [5, "rejected"],
    ]);
    page.welcome("resumed", 0);
    expect(page.look()).toEqual(["hello", "invoke 1 q1", "invoke 2 q2", "invoke 3 q3"]);
    page.delta(1, { outcomes: [1, 2, 3].map((id) => [id, "ok"]), cq: 3 });
    expect(page.look()).toEqual(["invoke 6 q4", "invoke 7 q5", "invoke 8 q6"]);
    page.delta(2, { outcomes: [6, 7, 8].map((id) => [id, "ok"]), cq: 6 });
    expect(page.look()).toEqual(["invoke 9 q7"]);
  });

  it.each(["queue", "ignore"] as const)(
    "in its order, where on_repeat is %s: the newest is refused",
    (repeat) => {
      for (let id = 1; id <= 2 * MOST + 1; id++) page.call(id, { repeat });
      expect(page.settled).toEqual([[2 * MOST + 1, "rejected"]]);
    },
  );

  it.each([{ repeat: "cancel" as const }, n_intervals])("is the newest alone, of %j", (more) => {
    for (let id = 1; id <= 50; id++) page.call(id, more);
    expect(page.settled).toEqual(Array.from({ length: 49 }, (_, i) => [i + 1, "superseded"]));
    page.welcome();
    expect(page.look()).toEqual(["hello", "invoke 50 q1"]);
    page.call(51, more);
    expect([page.look(), page.settled.length]).toEqual([["invoke 51 q2"], 49]);
  });

  it("is each instance of a pattern by itself", () => {
    for (let id = 1; id <= 20; id++) {
      page.call(id, { ...n_intervals, ids: [[`{"i":${id % 2}}`], [null], []] });
    }
    page.welcome();
    expect(page.look()).toEqual(["hello", "invoke 19 q1", "invoke 20 q2"]);
  });

  it("keeps a call that a click made, whatever a clock does, and the order of both", () => {
    page.call(1, n_intervals);
    page.call(2, { trigger: ["run.n_clicks"] });
    page.call(3, n_intervals);
    page.call(4, n_intervals);
    page.call(5, { trigger: ["clock.n_intervals", "run.n_clicks"] });
    page.welcome();
    expect(page.settled).toEqual([[3, "superseded"]]);
    expect(page.look()).toEqual(["hello", "invoke 1 q1", "invoke 2 q2", "invoke 4 q3"]);
  });

  it("holds so many bytes in all; what is too much is refused, of whatever callback", () => {
    const inputs = ["x".repeat(9000)];
    for (let id = 1; id <= 30; id++) page.call(id, { callback: `cb${id}`, inputs });
    const refused = page.settled.map(([id]: any) => id);
    expect(refused).toEqual(Array.from({ length: 13 }, (_, i) => i + 18));
    page.call(31, { callback: "cb5", inputs });
    page.call(32, { callback: "cb1", inputs });
    expect(page.settled.slice(-2)).toEqual([
      [5, "rejected"],
      [32, "rejected"],
    ]);
  });

  it("of a task are its newest inputs alone, in the place of those that no socket had", () => {
    page.call(1, { callback: "task", task: true, inputs: [1] });
    page.call(2, { callback: "task", task: true, inputs: [2] });
    page.welcome();
    expect(page.look()).toEqual(["hello", "invoke 2 q1"]);
    page.session.closed(1006);
    for (let id = 3; id <= 9; id++) page.call(id, { callback: "task", task: true, inputs: [id] });
    page.welcome("resumed", 0);
    expect(page.look()).toEqual(["hello", "invoke 2 q1", "invoke 9 q2"]);
  });

  it("is not what a socket had, which is sent again as it was", () => {
    page.welcome();
    page.call(1, n_intervals);
    page.session.closed(1006);
    page.call(2, n_intervals);
    page.call(3, n_intervals);
    page.look();
    page.welcome("resumed", 0);
    expect([page.look(), page.settled]).toEqual([
      ["hello", "invoke 1 q1", "invoke 3 q2"],
      [[2, "superseded"]],
    ]);
  });
});

describe("a page that is refused", () => {
  it("ends what it has asked for: what a socket had may have run, the rest has not", () => {
    page.welcome();
    page.call(1);
    page.session.closed(4501);
    page.call(2);
    page.do(page.session.hide(true));
    expect(page.settled).toEqual([
      [1, "unknown"],
      [2, "rejected"],
    ]);
  });

  it("is as new when it is taken again: another session, which gets the tasks and no old call", () => {
    page.welcome("new", 0, "s1");
    page.call(1, { callback: "task", task: true });
    page.call(2);
    page.session.closed(4501);
    page.do(page.session.hide(true));
    page.sent = [];
    page.do(page.session.opened());
    expect(page.sent[0]).not.toHaveProperty("session");
    page.look();
    page.welcome("new", 0, "s2");
    expect([page.look().slice(1), page.other.at(-1)]).toEqual([
      ["invoke 1 q1"],
      expect.objectContaining({ do: "welcome", lost: false }),
    ]);
  });
});
