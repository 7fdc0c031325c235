/**
 * The page's end of a session: the twin of `wscb/session/machine.py`. Pure: it takes messages and times, and returns
 * what to do, so that every race is a sequence of calls in a test.
 *
 * - Reliable messages (`invoke`, `cancel`) are numbered by `q`, kept in a log until the server's `cq` covers them,
 *   and handed to a socket only after its `welcome`, which says what of the log the server already has.
 * - `have` is the version that the page has applied. It goes into `hello`, so a resume sends what is newer.
 * - Another session (`new`, `stale`) numbers from 1 and has applied nothing. Calls that were never handed to a socket,
 *   or stand above the last `cq` of a server that drained, have not run: they are numbered anew. The others may have run:
 *   they end `unknown`, except those whose author said that twice is harmless.
 * - What waits has bounds: so many calls of one callback, so many bytes in all. The newest counts: an older call of a
 *   clock, or of a callback that a new call would cancel, gives its place to it.
 */
import { encode, pack } from "./codec";
import type { Effect, NewCall, SessionOptions, TaskState } from "./effects";
import type { Invoke, PageMessage, ServerMessage, Welcome } from "./protocol.gen";
import type { Change, Detail, How, Limits, Problem } from "./types";

/** A quarter of the window of 256 KiB that a server sends ahead of our acks. */
const QUARTER = 64 * 1024;
const ACK_MS = 1000;
const PROBLEMS_PER_SECOND = 5;
/** Calls that wait may have as many bytes as so many messages of the greatest length. */
const WAITING = 16;

/** A call that has not ended, or the last start of a task. */
interface Open {
  call: NewCall;
  /** Callback and outputs: of two calls with the same the newer one counts. */
  group: string;
  bytes: number;
  /** 0 while the limit of calls keeps it from having one. */
  q: number;
  handed: boolean;
  cancelled: boolean;
}

interface Logged {
  q: number;
  open: Open | undefined;
  frame: Uint8Array;
}

/** Whether a clock alone has made it. */
const ticks = ({ call: { trigger } }: Open) =>
  trigger[0] && trigger.every((prop) => prop.endsWith(".n_intervals"));

export class Session {
  /** The last number given to a reliable message, and the last that the server says it has. */
  q = 0;
  cq = 0;
  /** The version applied. */
  have = 0;
  /** True from a socket's `welcome` to its end. */
  ready = false;

  #options: SessionOptions;
  #limits: Limits;
  #opens = 0;
  /** What a `welcome` gave, to come back with. */
  #ticket: { session?: string; token?: string } = {};
  #visible: boolean;
  #told = false;
  #drained = false;
  #log: Logged[] = [];
  /** The last `q` handed to this socket. */
  #handed = 0;
  #calls = new Map<number, Open>();
  #tasks = new Map<string, Open>();
  #gets = new Map<number, { component: string; prop: string; at: number }>();
  #painted = 0;
  #acked = 0;
  #ackedAt = -Infinity;
  #unacked = 0;
  #askedAt = Infinity;
  #tokens: number;
  #filledAt = 0;
  #problems = 0;
  #problemsSince = -Infinity;
  #out: Effect[] = [];

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#visible = options.visible;
    this.#tokens = options.limits.rate;
  }

  /** When `wake` has something to do. */
  get due(): number | undefined {
    if (!this.ready) return undefined;
    const times: number[] = [];
    if (this.#painted > this.#acked) times.push(this.#ackedAt + ACK_MS);
    if (this.#handed < this.q) {
      times.push(this.#filledAt + Math.ceil(((1 - this.#tokens) * 1000) / this.#limits.rate));
    }
    return times.length ? Math.min(...times) : undefined;
  }

  // The connection

  /** A socket is open: the first message on it. What an older socket still says is not to be handed in. */
  opened(): Effect[] {
    const { build, page } = this.#options;
    this.#lose();
    this.#told = this.#visible;
    this.#send({
      type: "hello",
      n: ++this.#opens,
      build,
      page,
      visible: this.#visible,
      have: this.have,
      ...this.#ticket,
    });
    return this.#take();
  }

  /** @param code the close code. After 4000 nothing above the last `cq` has run, until another server says otherwise. */
  closed(code: number): void {
    if (code === 4000 && this.ready) this.#drained = true;
    this.#lose();
  }

  #lose(): void {
    this.ready = false;
    this.#gets.clear();
  }

  /** @param size bytes of the frame */
  receive(message: ServerMessage, size: number, now: number): Effect[] {
    if (message.type === "welcome") this.#welcome(message, now);
    else if (message.type === "ping") this.#send({ type: "pong" });
    else if (message.type === "drain" || message.type === "error") {
      this.#out.push({ ...message, do: message.type } as Effect);
    } else if (this.ready && message.type === "delta") {
      this.have = message.to;
      this.cq = message.cq;
      this.#unacked += size;
      if (message.ack) this.#askedAt = Math.min(this.#askedAt, message.to);
      this.#covered();
      const outcomes = ((message.outcomes ?? []) as [number, How, Detail?][])
        .filter(([id]) => this.#calls.delete(id))
        .map(([id, how, detail]) => ({ id, how, detail }));
      this.#out.push({
        do: "commit",
        to: message.to,
        changes: (message.changes ?? []) as unknown as Change[],
        outcomes,
        tasks: (message.tasks ?? []) as unknown as TaskState[],
      });
      this.#read();
      this.#pump(now);
    } else if (this.ready && message.type === "get_prop") {
      this.#gets.set(message.id, message);
      this.#read();
    }
    return this.#take();
  }

  #welcome(message: Welcome, now: number): void {
    const { session, token, mode, heartbeat } = message;
    if (mode !== "resumed") this.#anew();
    const before = this.#ticket.session ?? session;
    this.#ticket = { session, token };
    this.#limits = message.limits;
    this.cq = message.cq;
    this.ready = true;
    this.#drained = false;
    this.#acked = this.have;
    this.#unacked = 0;
    this.#askedAt = Infinity;
    this.#covered();
    this.#handed = this.cq;
    this.#filledAt = now;
    this.#tokens = this.#limits.rate;
    this.#out.push({ do: "welcome", mode, heartbeat, lost: before !== session });
    this.#tellVisible();
    this.#pump(now);
  }

  #covered(): void {
    this.#log = this.#log.filter((entry) => entry.q > this.cq);
  }

  /** Another session: what becomes of the open calls. Those that go on are numbered again. */
  #anew(): void {
    for (const [id, open] of this.#calls) {
      const ran = open.handed && !(this.#drained && open.q > this.cq);
      if (open.cancelled && !ran) this.#settle(id, "cancelled");
      else if (ran && (open.cancelled || !open.call.retry)) this.#settle(id, "unknown", { code: "unknown" });
      open.q = 0;
      open.handed = false;
    }
    this.#reset();
    for (const task of this.#tasks.values()) this.#number(task);
  }

  #reset(): void {
    this.#log = [];
    this.q = this.cq = this.have = this.#painted = this.#acked = this.#handed = 0;
  }

  /**
   * The page is being left, perhaps into the back-forward cache, or the server does not take it any more: what comes
   * after it is a new session.
   *
   * @param refused calls that no socket had are `rejected` then, the others may have run
   */
  hide(refused = false): Effect[] {
    for (const [id, { handed }] of [...this.#calls]) {
      if (!refused) this.#settle(id, "cancelled");
      else this.#settle(id, handed ? "unknown" : "rejected", { code: handed ? "unknown" : "closed" });
    }
    if (this.ready) this.#send({ type: "bye" });
    this.#reset();
    this.#lose();
    this.#ticket = {};
    return this.#take();
  }

  // Calls

  invoke(call: NewCall, now: number): Effect[] {
    const { id, callback, ids, task } = call;
    // Its `q` may take eight bytes more by the time that it is sent.
    const frame = pack(this.#invoke(call), this.#limits.message - 8);
    const before = this.#tasks.get(callback);
    this.#tasks.delete(callback);
    if ("code" in frame) this.#settle(id, "rejected", frame);
    else {
      const group = callback + ids?.[0];
      const open: Open = { call, group, bytes: frame.length, q: 0, handed: false, cancelled: false };
      if (task) {
        this.#tasks.set(callback, open);
        this.#number(open, before);
      } else this.#wait(open);
    }
    this.#pump(now);
    return this.#take();
  }

  /** Lets a call wait for its turn, within the bounds. */
  #wait(open: Open): void {
    const { id, repeat } = open.call;
    const waiting = [...this.#calls.values()].filter(({ handed, cancelled }) => !(handed || cancelled));
    const same = waiting.filter(({ group }) => group === open.group);
    const last = same.at(-1);
    if (last && (repeat === "cancel" || (ticks(open) && ticks(last)))) {
      if (last.q) this.#number(open, last);
      this.#settle(last.call.id, "superseded");
    } else {
      const over =
        waiting.reduce((sum, { bytes }) => sum + bytes, open.bytes) - WAITING * this.#limits.message;
      // A number is not given back, so of those with one none gives way.
      const behind = same.filter(({ q }) => !q);
      const [first] = behind;
      if (over > 0 || behind.length >= this.#limits.calls) {
        const stays = first && over <= first.bytes && !repeat;
        this.#settle(stays ? first.call.id : id, "rejected", { code: "too_many" });
        if (!stays) return;
      }
    }
    this.#calls.set(id, open);
  }

  /**
   * Of a task: it is not started again. Of a settled or unknown id: nothing. Of 0, which no call has: the server does
   * nothing either, and tells that it has come so far, which is a sign of life.
   */
  cancel(id: number, now: number): Effect[] {
    const open = this.#calls.get(id) ?? [...this.#tasks.values()].find(({ call }) => call.id === id);
    if (open?.call.task) this.#tasks.delete(open.call.callback);
    if (open && !open.q) this.#settle(id, "cancelled");
    else if (!id || (open && !open.cancelled)) {
      if (open) open.cancelled = true;
      this.#log.push({ q: ++this.q, open, frame: encode({ type: "cancel", q: this.q, id }) });
    }
    this.#pump(now);
    return this.#take();
  }

  #invoke({ retry, task, repeat, ...call }: NewCall, q = 0): Invoke {
    return { type: "invoke", q, ...call };
  }

  /** Gives it a number, that of `old` when no socket has had that. */
  #number(open: Open, old?: Open): void {
    const entry = old && !old.handed && this.#log.find((entry) => entry.open === old);
    open.q = entry ? entry.q : ++this.q;
    const now = { q: open.q, open, frame: encode(this.#invoke(open.call, open.q)) };
    if (entry) Object.assign(entry, now);
    else this.#log.push(now);
  }

  #settle(id: number, how: How, detail?: Detail): void {
    this.#calls.delete(id);
    this.#out.push({ do: "settle", outcome: { id, how, detail } });
  }

  /** Numbers what the limit of calls lets through, and hands over what the rate lets through. */
  #pump(now: number): void {
    const open = [...this.#calls.values()];
    let room = this.#limits.calls - open.filter(({ q }) => q).length;
    for (const call of open) if (!call.q && room-- > 0) this.#number(call);
    if (!this.ready) return;
    const { rate } = this.#limits;
    this.#tokens = Math.min(rate, this.#tokens + ((now - this.#filledAt) * rate) / 1000);
    this.#filledAt = now;
    for (const entry of this.#log) {
      if (entry.q <= this.#handed || this.#tokens < 1) continue;
      this.#tokens--;
      this.#handed = entry.q;
      if (entry.open) entry.open.handed = true;
      this.#out.push({ do: "send", frame: entry.frame });
    }
  }

  // Reading, acknowledging, telling

  #read(): void {
    for (const [id, { component, prop, at }] of this.#gets) {
      if (at <= this.have) this.#out.push({ do: "read", id, component, prop });
    }
  }

  /** Answers `read`: with the value, or with why there is none (`not_on_page`, or a text). */
  answer(id: number, value: unknown, error?: string): Effect[] {
    if (!this.#gets.delete(id)) return [];
    if (error === undefined) {
      const frame = pack({ type: "prop_value", id, value: value ?? null }, this.#limits.message);
      if (!("code" in frame)) return [{ do: "send", frame }];
      error = `${frame.code}: ${frame.message}`;
    }
    this.#send({ type: "prop_value", id, error });
    return this.#take();
  }

  /** What `commit` brought, to this version, is on the screen. */
  painted(version: number, now: number): Effect[] {
    this.#painted = Math.min(this.have, Math.max(this.#painted, version));
    this.#ack(now);
    return this.#take();
  }

  #ack(now: number): void {
    if (!this.ready || this.#painted <= this.#acked) return;
    const asked = this.#askedAt <= this.#painted;
    if (!asked && this.#unacked < QUARTER && now - this.#ackedAt < ACK_MS) return;
    this.#acked = this.#painted;
    this.#ackedAt = now;
    this.#unacked = 0;
    if (asked) this.#askedAt = Infinity;
    this.#send({ type: "ack", have: this.#acked });
  }

  visible(visible: boolean): Effect[] {
    this.#visible = visible;
    this.#tellVisible();
    return this.#take();
  }

  #tellVisible(): void {
    if (!this.ready || this.#told === this.#visible) return;
    this.#told = this.#visible;
    this.#send({ type: "visible", visible: this.#visible });
  }

  /** Unreliable, and at most five a second: a stream of changes that do not fit is not answered by another stream. */
  problem(problem: Problem, now: number): Effect[] {
    if (now - this.#problemsSince >= 1000) {
      this.#problemsSince = now;
      this.#problems = 0;
    }
    if (this.ready && this.#problems++ < PROBLEMS_PER_SECOND) this.#send({ type: "problem", ...problem });
    return this.#take();
  }

  /** When `due` has come. */
  wake(now: number): Effect[] {
    this.#ack(now);
    this.#pump(now);
    return this.#take();
  }

  #send(message: PageMessage): void {
    this.#out.push({ do: "send", frame: encode(message) });
  }

  #take(): Effect[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }
}
