import { beforeEach, describe, expect, it } from "vitest";
import { Page } from "./page";

let page: Page;
beforeEach(() => {
  page = new Page();
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
