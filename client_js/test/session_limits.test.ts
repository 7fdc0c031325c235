import { beforeEach, describe, expect, it } from "vitest";
import { LIMITS, Page } from "./page";

let page: Page;
beforeEach(() => {
  page = new Page();
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
