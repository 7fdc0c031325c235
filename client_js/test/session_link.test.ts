/**
 * The session under any schedule of calls and trouble: a hostile link, lost and half-open sockets, dying servers.
 *
 * At the end defects are put into the page, and the same schedules must see them.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import type { PageMessage, ServerMessage } from "../src/protocol.gen";
import { LIMITS, Page } from "./page";

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

  /** What was under way is lost from some message on; what came before may still arrive, late. */
  cut(pick: number): void {
    this.link?.toServer.splice(pick % 3);
    this.pageLoses();
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
      session = {
        id,
        lastQ: 0,
        version: 0,
        link: undefined,
        outcomes: new Map(),
        running: new Set(),
        sent: 0,
      };
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
    if (
      this.draining ||
      (message.type !== "invoke" && message.type !== "cancel") ||
      message.q <= session.lastQ
    )
      return;
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
    for (const [id, times] of this.ran)
      expect(times === 1 || this.retry.has(id), `call ${id} ran ${times}`).toBe(true);
    expect(new Set(this.ends).size, "one outcome each").toBe(this.ends.length);
  }

  get ends(): number[] {
    return [...this.page.settled, ...this.page.commits].map((end) => (end as [number])[0]);
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
    expect(this.ends.length, "each call has its outcome").toBe(this.calls);
  }
}

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
  cut: (world, pick) => world.cut(pick),
  serverLoses: (world) => world.serverLoses(),
  processDies: (world) => world.processDies(),
  drain: (world) => world.drain(),
};

function anySchedule(world: () => World, more: fc.Parameters<unknown> = {}): void {
  const step = fc.tuple(fc.constantFrom(...Object.keys(actions)), fc.nat(20));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: "max" }), (steps) => {
      const made = world();
      for (const [name, pick] of steps) {
        actions[name]?.(made, pick);
        made.check();
      }
      made.heal();
    }),
    { numRuns: 300, ...more },
  );
}

it("settles each call once, and runs it at most once, whatever the link does", () => {
  anySchedule(() => new World());
});

/** The page takes itself for welcomed as soon as the socket is open. */
function welcomedTooSoon({ page: { session } }: World): void {
  const opened = session.opened.bind(session);
  session.opened = () => {
    const out = opened();
    session.ready = true;
    return out;
  };
}

/** The page takes each end of a connection for one after which nothing above the last `cq` has run. */
function eachCloseADrain({ page: { session } }: World): void {
  const closed = session.closed.bind(session);
  session.closed = () => closed(4000);
}

it.each<[string, (world: World) => void]>([
  ["reliable messages before the welcome", welcomedTooSoon],
  ["each close taken for a drain", eachCloseADrain],
])("notices %s", (_, plant) => {
  const broken = () => {
    const world = new World();
    plant(world);
    return world;
  };
  expect(() => anySchedule(broken, { endOnFailure: true, seed: 1 })).toThrow();
});
