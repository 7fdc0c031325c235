import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { decode } from "../src/codec";
import type { PageMessage, ServerMessage } from "../src/protocol.gen";
import { type Effect, type NewCall, Session } from "../src/session";
import type { Limits } from "../src/types";

const LIMITS: Limits = { message: 10_000, calls: 3, rate: 100 };

const newCall = (id: number, more: Partial<NewCall> = {}): NewCall => ({
  id,
  callback: "cb",
  inputs: [],
  state: [],
  trigger: [],
  ...more,
});

const sent = (effects: Effect[]): PageMessage[] =>
  effects.flatMap((effect) => (effect.do === "send" ? [decode(effect.frame) as PageMessage] : []));

const settled = (effects: Effect[]) =>
  effects.flatMap((effect) => (effect.do === "settle" ? [[effect.outcome.id, effect.outcome.how]] : []));

/** A session whose messages are collected in `sent`, with the server's words as methods. */
class Page {
  session: Session;
  now = 0;
  sent: PageMessage[] = [];
  settled: unknown[] = [];
  commits: unknown[] = [];
  reads: number[] = [];
  other: Effect[] = [];

  constructor(limits: Limits = LIMITS) {
    this.session = new Session({ build: "b", path: "/", query: "", visible: true, limits });
  }

  do(effects: Effect[]): void {
    this.sent.push(...sent(effects));
    this.settled.push(...settled(effects));
    for (const effect of effects) {
      if (effect.do === "commit") this.commits.push(...effect.outcomes.map(({ id, how }) => [id, how]));
      else if (effect.do === "read") this.reads.push(effect.id);
      else if (effect.do !== "send" && effect.do !== "settle") this.other.push(effect);
    }
  }

  receive(message: ServerMessage, size = 10): void {
    this.do(this.session.receive(message, size, this.now));
  }

  welcome(mode: "new" | "resumed" | "stale" = "new", cq = 0, session = "s1", limits: Limits = LIMITS): void {
    this.do(this.session.opened());
    this.receive({ type: "welcome", session, token: `t-${session}`, attach: 1, mode, cq, limits, heartbeat: 20_000 });
  }

  delta(to: number, more: object = {}, size = 10): void {
    this.receive({ type: "delta", to, cq: this.session.cq, ...more }, size);
  }

  call(id: number, more: Partial<NewCall> = {}): void {
    this.do(this.session.invoke(newCall(id, more), this.now));
  }

  cancel(id: number): void {
    this.do(this.session.cancel(id, this.now));
  }

  painted(version: number): void {
    this.do(this.session.painted(version, this.now));
  }

  wake(): void {
    this.do(this.session.wake(this.now));
  }

  /** What was sent since the last look. */
  look(): unknown[] {
    const look = this.sent.map((message) => {
      if (message.type === "invoke" || message.type === "cancel") return `${message.type} ${message.id} q${message.q}`;
      if (message.type === "ack") return `ack ${message.have}`;
      return message.type;
    });
    this.sent = [];
    return look;
  }
}

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
    expect([...page.session.open]).toEqual([]);
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

  it("gets a cancel right after the call that it is for", () => {
    page.call(1);
    page.call(2);
    page.cancel(1);
    page.welcome();
    expect(page.look()).toEqual(["hello", "invoke 1 q1", "cancel 1 q2", "invoke 2 q3"]);
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
  const ask = (at: number) => page.receive({ type: "get_prop", id: 5, component: "a", prop: "x", at, left: 1000 });

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
      expect(page.sent.pop()).toMatchObject({ type: "prop_value", id: 5, error: expect.stringMatching(text) });
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

// ---- Any schedule, with a hostile link ---------------------------------------------------------------------------

interface Link {
  toServer: PageMessage[];
  toPage: ServerMessage[];
  session?: ServerSession | undefined;
  up: boolean;
}

/** The server's end, in little: numbers, outcomes, and one prop's value by version. */
interface ServerSession {
  id: string;
  lastQ: number;
  version: number;
  link: Link | undefined;
  outcomes: Map<number, { at: number; how: "ok" | "cancelled" }>;
  running: Set<number>;
  sent: number;
}

class World {
  page = new Page({ ...LIMITS, calls: 4 });
  sessions = new Map<string, ServerSession>();
  link: Link | undefined;
  links: Link[] = [];
  calls = 0;
  made = 0;
  draining = false;
  ran = new Map<number, number>();
  retry = new Set<number>();

  settle(): void {
    for (const message of this.page.sent.splice(0)) this.link?.toServer.push(message);
  }

  connect(): void {
    this.link = { toServer: [], toPage: [], up: true };
    this.links.push(this.link);
    this.page.do(this.page.session.opened());
    this.settle();
  }

  call(retry: boolean): void {
    const id = ++this.calls;
    if (retry) this.retry.add(id);
    this.page.call(id, { retry });
    this.settle();
  }

  cancel(pick: number): void {
    this.page.cancel(this.calls ? 1 + (pick % this.calls) : 0);
    this.settle();
  }

  pageLoses(code = 1006): void {
    this.page.session.closed(code);
    this.page.sent = [];
    this.link = undefined;
  }

  serverLoses(): void {
    for (const session of this.sessions.values()) session.link = undefined;
    for (const link of this.links) link.up = false;
    if (this.link) this.pageLoses();
  }

  processDies(): void {
    this.serverLoses();
    this.sessions.clear();
    this.draining = false;
  }

  /** Calls are no longer taken; then the last delta with the last cq, and 4000. */
  drain(): void {
    if (!this.draining) {
      this.draining = true;
      return;
    }
    for (const session of this.sessions.values()) {
      for (const id of session.running) this.end(session, id, "cancelled");
      this.write(session);
    }
    const ready = this.link?.session;
    while (this.link?.toPage.length) this.toPage();
    if (ready && this.link) this.pageLoses(4000);
    this.processDies();
  }

  toServer(): void {
    const link = this.links.find((other) => other.up && other.toServer.length);
    if (!link) return;
    const message = link.toServer.shift() as PageMessage;
    if (message.type === "hello") this.hello(link, message);
    else if (link.session && link.session.link === link) this.receive(link.session, message);
  }

  hello(link: Link, message: PageMessage & { type: "hello" }): void {
    let session = this.sessions.get(message.session ?? "");
    if (this.draining && !session) return;
    const mode = session ? "resumed" : "new";
    if (!session) {
      const id = `s${++this.made}`;
      session = { id, lastQ: 0, version: 0, link: undefined, outcomes: new Map(), running: new Set(), sent: 0 };
      this.sessions.set(id, session);
    }
    link.session = session;
    session.link = link;
    session.sent = mode === "new" ? 0 : message.have;
    const { id, lastQ: cq } = session;
    const limits = { ...LIMITS, calls: 4 };
    link.toPage.push({ type: "welcome", session: id, token: "t", attach: 1, mode, cq, limits, heartbeat: 0 });
  }

  receive(session: ServerSession, message: PageMessage): void {
    if (this.draining || (message.type !== "invoke" && message.type !== "cancel") || message.q <= session.lastQ) return;
    expect(message.q, "a healthy link has no gap").toBe(session.lastQ + 1);
    session.lastQ = message.q;
    if (message.type === "invoke") {
      this.ran.set(message.id, (this.ran.get(message.id) ?? 0) + 1);
      session.running.add(message.id);
      expect(session.running.size, "the page keeps the limit").toBeLessThanOrEqual(4);
    } else if (session.running.has(message.id)) this.end(session, message.id, "cancelled");
  }

  end(session: ServerSession, id: number, how: "ok" | "cancelled"): void {
    session.running.delete(id);
    session.outcomes.set(id, { at: ++session.version, how });
  }

  finish(): void {
    for (const session of this.sessions.values()) {
      for (const id of session.running) this.end(session, id, "ok");
    }
  }

  write(session: ServerSession): void {
    const outcomes = [...session.outcomes].filter(([, { at }]) => at > session.sent);
    session.sent = session.version;
    session.link?.toPage.push({
      type: "delta",
      to: session.version,
      cq: session.lastQ,
      outcomes: outcomes.map(([id, { how }]) => [id, how]),
    });
  }

  toPage(): void {
    const message = this.link?.toPage.shift();
    if (!message) return;
    this.page.receive(message);
    this.settle();
  }

  check(): void {
    for (const [id, times] of this.ran) expect(times === 1 || this.retry.has(id), `call ${id} ran ${times}`).toBe(true);
    const ends = [...this.page.settled, ...this.page.commits].map(([id]: any) => id);
    expect(new Set(ends).size, "one outcome each").toBe(ends.length);
  }

  heal(): void {
    if (this.draining) this.drain();
    for (let i = 0; i < 200; i++) {
      if (!this.link) this.connect();
      this.page.now += 1000;
      this.page.wake();
      this.settle();
      this.toServer();
      this.finish();
      for (const session of this.sessions.values()) if (session.link === this.link) this.write(session);
      while (this.link?.toPage.length) this.toPage();
    }
    this.check();
    expect([...this.page.session.open], "each call has its outcome").toEqual([]);
  }
}

it("settles each call once, and runs it at most once, whatever the link does", () => {
  const actions: Record<string, (world: World, pick: number) => void> = {
    connect: (world) => world.connect(),
    call: (world, pick) => world.call(pick % 4 === 0),
    again: (world, pick) => world.call(pick % 4 === 0),
    cancel: (world, pick) => world.cancel(pick),
    toServer: (world) => world.toServer(),
    toServers: (world) => [1, 2, 3].map(() => world.toServer()),
    toPage: (world) => world.toPage(),
    write: (world) => [...world.sessions.values()].map((session) => world.write(session)),
    finish: (world) => world.finish(),
    pageLoses: (world) => world.link && world.pageLoses(),
    serverLoses: (world) => world.serverLoses(),
    processDies: (world) => world.processDies(),
    drain: (world) => world.drain(),
  };
  const step = fc.tuple(fc.constantFrom(...Object.keys(actions)), fc.nat(20));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      const world = new World();
      for (const [name, pick] of steps) {
        actions[name]?.(world, pick);
        world.check();
      }
      world.heal();
    }),
    { numRuns: 300 },
  );
});
