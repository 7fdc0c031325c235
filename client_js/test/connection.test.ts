import { beforeEach, describe, expect, it } from "vitest";
import { Connection } from "../src/connection";
import type { BannerState } from "../src/types";
import { FakeEnv, settle } from "./clock";

let env: FakeEnv;
let connection: Connection;
let states: BannerState[];
let closes: number[];
let asks: number;
let answered: boolean;

beforeEach(() => {
  env = new FakeEnv();
  states = [];
  closes = [];
  asks = 0;
  connection = new Connection(env, "http://host/app/", {
    opened() {},
    message(message) {
      if (message.type === "welcome") connection.welcomed(message.mode, message.heartbeat);
    },
    closed: (code) => closes.push(code),
    ask: () => {
      asks++;
      answered = false;
      return () => answered;
    },
    state: (state) => states.push(state),
  });
});

const last = () => states.at(-1) as BannerState;

it("connects to the app's own socket, and is live with the welcome", () => {
  connection.start();
  expect(env.link.url).toBe("ws://host/app/_wscb/ws");
  expect(last()).toMatchObject({ state: "connecting" });
  env.link.welcome();
  expect(last()).toMatchObject({ state: "live" });
  expect(last().state).toBe("live");
});

describe("a loss", () => {
  beforeEach(() => {
    connection.start();
    env.link.welcome();
    env.chance = 0.5;
    env.link.drop();
  });

  it("is said at once, with the time of the next attempt", () => {
    const { now } = env.clock;
    expect(last()).toMatchObject({ state: "waiting", lost: now, retryAt: now + 250, code: 1006 });
    expect(closes).toEqual([1006]);
  });

  it("is over with the next welcome", () => {
    env.clock.pass(250);
    expect(env.links).toHaveLength(2);
    env.link.welcome({ mode: "resumed" });
    expect(last()).toMatchObject({ state: "live" });
  });

  it("can be ended by hand, at once", () => {
    last().retry?.();
    expect(env.links).toHaveLength(2);
    env.clock.pass(10_000 - 1);
    expect(env.links).toHaveLength(2);
  });

  it("ends at once when the network or the person is back", () => {
    connection.wake();
    connection.wake();
    expect(env.links).toHaveLength(2);
  });

  it("knows that the network is gone", () => {
    connection.wentOffline();
    expect(last()).toMatchObject({ state: "offline" });
    env.isOnline = false;
    env.clock.pass(250);
    env.link.drop();
    expect(last()).toMatchObject({ state: "offline", retryAt: expect.any(Number) });
  });

  it("waits longer the longer it lasts, yet finds a server within two seconds of a short outage", () => {
    env.chance = 1;
    for (let i = 0; i < 50; i++) {
      const lost = last().lost as number;
      const wait = (last().retryAt as number) - env.clock.now;
      expect(wait).toBeLessThanOrEqual(Math.max(500, Math.min(20_000, (env.clock.now - lost) / 3)) + 1e-6);
      if (env.clock.now - lost <= 6000) expect(wait).toBeLessThanOrEqual(2000);
      env.clock.pass(wait);
      env.link.drop();
    }
    expect((last().retryAt as number) - env.clock.now).toBeCloseTo(20_000);
  });

  it("of the first socket says nothing about the second", () => {
    const [first] = env.links;
    env.clock.pass(250);
    env.link.welcome();
    first?.drop();
    expect(last()).toMatchObject({ state: "live" });
  });
});

it("an open that is never answered has failed", () => {
  connection.start();
  env.clock.pass(10_000);
  expect(env.links[0]?.closed).toBe(true);
  expect(last().state).toBe("waiting");
});

describe("silence", () => {
  beforeEach(() => {
    connection.start();
    env.link.welcome({ heartbeat: 1000 });
  });

  it("for one and a half heartbeats is a loss: half a minute", () => {
    env.clock.pass(1499);
    expect(last().state).toBe("live");
    env.clock.pass(1);
    expect(last().state).toBe("waiting");
    expect(env.link.closed).toBe(true);
  });

  it("is broken by any frame", () => {
    env.clock.pass(1000);
    env.link.handlers.alive();
    env.clock.pass(1000);
    expect(last().state).toBe("live");
    env.clock.pass(500);
    expect(last().state).toBe("waiting");
  });

  it("means nothing without heartbeats", () => {
    connection.start();
    env.link.welcome({ heartbeat: 0 });
    expect(env.clock.pending).toBe(0);
  });
});

describe("close codes", () => {
  beforeEach(() => {
    connection.start();
    env.link.welcome();
  });

  it.each([4500, 4501, 4503, 4504, 4509, 4513, 4529, 4999])("%i: does not come back by itself", (code) => {
    env.link.drop(code);
    expect(last()).toMatchObject({ state: "refused", code });
    expect(env.clock.pending).toBe(0);
    connection.wake();
    expect(env.links).toHaveLength(1);
    last().reload?.();
    expect(env.reloads).toBe(1);
    last().retry?.();
    expect(env.links).toHaveLength(2);
  });

  it.each([1001, 1006, 1011, 1012, 4000, 4002, 4003, 4005, 4006, 4008])("%i: comes back", (code) => {
    env.link.drop(code);
    expect(last()).toMatchObject({ state: "waiting", code });
    env.clock.pass(500);
    expect(env.links).toHaveLength(2);
  });

  it("4001: comes back when there is something to send", () => {
    env.link.drop(4001);
    expect(last()).toMatchObject({ state: "waiting", code: 4001 });
    env.clock.pass(1e9);
    expect(env.links).toHaveLength(1);
    connection.needed();
    expect(env.links).toHaveLength(2);
  });

  it("what there is to send waits with the rest when the server was lost", () => {
    env.link.drop();
    connection.needed();
    expect(env.links).toHaveLength(1);
  });

  it("says what the server said", () => {
    connection.said = "Your account is closed.";
    env.link.drop(4503);
    expect(last().reason).toBe("Your account is closed.");
  });
});

it("comes back spread over the time that a draining server names", () => {
  connection.start();
  env.link.welcome();
  connection.drain = 8000;
  env.chance = 0.75;
  env.link.drop(4000);
  expect(last().retryAt).toBe(env.clock.now + 6000);
});

it("says that the server is newer, for as long as the page lives", () => {
  connection.start();
  env.link.welcome({ mode: "stale" });
  expect(last()).toMatchObject({ state: "stale", reload: expect.any(Function) });
  env.link.drop();
  env.clock.pass(500);
  env.link.welcome({ mode: "resumed" });
  expect(last().state).toBe("stale");
});

describe("after three opens that failed", () => {
  const fail = async () => {
    connection.start();
    for (let i = 0; i < 3; i++) {
      expect(env.requests).toEqual([]);
      env.link.drop();
      if (i < 2) env.clock.pass(500);
    }
    await settle();
    expect(env.requests).toEqual(["http://host/app/_wscb/status"]);
  };

  it.each([401, 403])("a status of %i is a refusal", async (status) => {
    env.answer = async () => new Response("", { status });
    await fail();
    expect(last()).toMatchObject({ state: "refused", code: 4501 });
    expect(env.clock.pending).toBe(0);
  });

  it("so is a way to a sign-in page", async () => {
    env.answer = async () => ({ type: "opaqueredirect", status: 0 }) as Response;
    await fail();
    expect(last()).toMatchObject({ state: "refused", code: 4501 });
  });

  it.each([200, 502])("a status of %i is no reason to give up", async (status) => {
    env.answer = async () => new Response("", { status });
    await fail();
    expect(last().state).toBe("waiting");
  });

  it("no answer is none either", async () => {
    await fail();
    expect(last().state).toBe("waiting");
  });

  it("a refusal that comes after a welcome is late", async () => {
    let answer: (response: Response) => void = () => {};
    env.answer = () => new Promise((done) => (answer = done));
    await fail();
    env.clock.pass(500);
    env.link.welcome();
    answer(new Response("", { status: 403 }));
    await settle();
    expect(last().state).toBe("live");
  });
});

it("leaves nothing behind when it is stopped", () => {
  connection.start();
  env.link.welcome();
  connection.stop();
  expect(env.link.closed).toBe(true);
  expect(env.clock.pending).toBe(0);
});

describe("a link that may be half open", () => {
  const events = [
    ["the network is back", () => connection.wake()],
    ["the network is gone", () => connection.wentOffline()],
  ] as const;

  it.each(events)("is lost when the server does not speak: %s", (_name, tell) => {
    connection.start();
    env.link.welcome();
    env.clock.pass(10_000);
    tell();
    env.clock.pass(1499);
    expect([asks, last().state, closes]).toEqual([1, "live", []]);
    env.isOnline = false;
    env.clock.pass(1);
    expect([last().state, closes]).toEqual(["offline", [1006]]);
  });

  it.each(events)("is kept when it does, and heard as before: %s", (_name, tell) => {
    connection.start();
    env.link.welcome();
    env.clock.pass(10_000);
    tell();
    env.clock.pass(500);
    env.link.say({ type: "delta", to: 0, cq: 1 });
    answered = true;
    env.clock.pass(29_999);
    expect([last().state, closes]).toEqual(["live", []]);
    env.clock.pass(1);
    expect(closes).toEqual([1006]);
  });

  it("is lost though something came that was under way when it broke, and not while more comes", () => {
    connection.start();
    env.link.welcome();
    connection.wentOffline();
    for (let i = 0; i < 5; i++) {
      env.clock.pass(1000);
      env.link.say({ type: "delta", to: i, cq: 0 });
    }
    env.clock.pass(1499);
    expect(closes).toEqual([]);
    env.clock.pass(1);
    expect(closes).toEqual([1006]);
  });

  it("is not taken for one that was asked before it was welcomed anew", () => {
    connection.start();
    env.link.welcome();
    connection.wake();
    env.link.drop();
    env.clock.pass(500);
    env.link.welcome();
    env.clock.pass(20_000);
    expect(closes).toEqual([1006]);
  });

  it("without pings is asked too, and else never given up", () => {
    connection.start();
    env.link.welcome({ heartbeat: 0 });
    env.clock.pass(1_000_000);
    connection.wake();
    env.clock.pass(1);
    env.link.say({ type: "ping" });
    answered = true;
    env.clock.pass(1_000_000);
    expect(last().state).toBe("live");
    connection.wake();
    env.clock.pass(1500);
    expect(closes).toEqual([1006]);
  });

  it("that was stopped is opened by a start alone: what is said to a page in the back-forward cache is not", () => {
    connection.start();
    env.link.welcome();
    connection.stop();
    connection.wake();
    connection.needed();
    connection.wentOffline();
    expect(env.links).toHaveLength(1);
    connection.start();
    expect(env.links).toHaveLength(2);
  });

  it("is not asked before its welcome", () => {
    connection.start();
    connection.wake();
    connection.wentOffline();
    expect([asks, env.links.length]).toEqual([0, 1]);
  });
});
