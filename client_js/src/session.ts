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
 */
import { encode, pack } from "./codec";
import type { Effect, NewCall, SessionOptions, TaskState } from "./effects";
import type { Invoke, PageMessage, ServerMessage, Welcome } from "./protocol.gen";
import type { Change, Detail, How, Limits, Problem } from "./types";

/** A quarter of the window of 256 KiB that a server sends ahead of our acks. */
const QUARTER = 64 * 1024;
const ACK_MS = 1000;
const PROBLEMS_PER_SECOND = 5;

interface Open {
  call: NewCall;
  handed: boolean;
  cancelled: boolean;
}

interface Logged {
  q: number;
  id: number;
  cancel: boolean;
  frame: Uint8Array;
}

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
  /** Calls above the limit of calls in flight; they have no `q` yet. */
  #queue: number[] = [];
  #tasks = new Map<string, NewCall>();
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
    else if (message.type === "drain") this.#out.push({ do: "drain", ...message });
    else if (message.type === "error") this.#out.push({ do: "error", ...message });
    else if (this.ready && message.type === "delta") {
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

  /** Another session: what becomes of the open calls. */
  #anew(): void {
    const before = this.#log;
    const uncovered = (id: number) => before.some((entry) => entry.id === id && !entry.cancel);
    const cancelWaits = (id: number) => before.some((entry) => entry.id === id && entry.cancel);
    this.#reset();
    for (const [id, open] of this.#calls) {
      if (this.#queue.includes(id)) continue;
      const neverRan = !open.handed || (this.#drained && uncovered(id));
      if (!neverRan && (!open.call.retry || open.cancelled)) {
        this.#settle(id, "unknown", { code: "unknown" });
        continue;
      }
      open.handed = false;
      this.#put(this.#invoke(open.call));
      if (cancelWaits(id)) this.#put({ type: "cancel", q: this.q + 1, id });
    }
    for (const task of this.#tasks.values()) this.#put(this.#invoke(task));
  }

  #reset(): void {
    this.#log = [];
    this.q = this.cq = this.have = this.#painted = this.#acked = this.#handed = 0;
  }

  /** The page is being left, perhaps into the back-forward cache: from where it starts as a new session. */
  hide(): Effect[] {
    for (const id of [...this.#calls.keys()]) this.#settle(id, "cancelled");
    if (this.ready) this.#send({ type: "bye" });
    this.#queue = [];
    this.#reset();
    this.#lose();
    this.#ticket = {};
    return this.#take();
  }

  // Calls

  invoke(call: NewCall, now: number): Effect[] {
    if (call.task) this.#tasks.set(call.callback, call);
    else this.#calls.set(call.id, { call, handed: false, cancelled: false });
    // Its `q` may take eight bytes more by the time that it is sent.
    const frame = pack(this.#invoke(call), this.#limits.message - 8);
    if ("code" in frame) {
      this.#tasks.delete(call.callback);
      this.#settle(call.id, "rejected", frame);
    } else if (call.task) this.#put(this.#invoke(call));
    else this.#queue.push(call.id);
    this.#pump(now);
    return this.#take();
  }

  /**
   * Of a task: it is not started again. Of a settled or unknown id: nothing. Of 0, which no call has: the server does
   * nothing either, and tells that it has come so far, which is a sign of life.
   */
  cancel(id: number, now: number): Effect[] {
    const open = this.#calls.get(id);
    const task = [...this.#tasks.values()].find((call) => call.id === id);
    if (task) this.#tasks.delete(task.callback);
    if (open && this.#queue.includes(id)) {
      this.#queue = this.#queue.filter((other) => other !== id);
      this.#settle(id, "cancelled");
    } else if (!id || task || (open && !open.cancelled)) {
      if (open) open.cancelled = true;
      this.#put({ type: "cancel", q: this.q + 1, id });
    }
    this.#pump(now);
    return this.#take();
  }

  #invoke({ retry, task, ...call }: NewCall): Invoke {
    return { type: "invoke", q: this.q + 1, ...call };
  }

  #put(message: Invoke | (PageMessage & { type: "cancel" })): void {
    this.q++;
    const frame = encode(message);
    this.#log.push({ q: this.q, id: message.id, cancel: message.type === "cancel", frame });
  }

  #settle(id: number, how: How, detail?: Detail): void {
    this.#calls.delete(id);
    this.#out.push({ do: "settle", outcome: { id, how, detail } });
  }

  /** Numbers what the limit of calls lets through, and hands over what the rate lets through. */
  #pump(now: number): void {
    let room = this.#limits.calls - (this.#calls.size - this.#queue.length);
    while (this.#queue.length && room-- > 0) {
      const open = this.#calls.get(this.#queue.shift() as number);
      if (open) this.#put(this.#invoke(open.call));
    }
    if (!this.ready) return;
    const { rate } = this.#limits;
    this.#tokens = Math.min(rate, this.#tokens + ((now - this.#filledAt) * rate) / 1000);
    this.#filledAt = now;
    for (const entry of this.#log) {
      if (entry.q <= this.#handed || this.#tokens < 1) continue;
      this.#tokens--;
      this.#handed = entry.q;
      const open = this.#calls.get(entry.id);
      if (open && !entry.cancel) open.handed = true;
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
