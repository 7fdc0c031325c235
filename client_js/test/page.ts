/** A session of the page whose messages are collected, with the server's words as methods. */
import { decode } from "../src/codec";
import type { Effect, NewCall } from "../src/effects";
import type { PageMessage, ServerMessage } from "../src/protocol.gen";
import { Session } from "../src/session";
import type { Limits } from "../src/types";

export const LIMITS: Limits = { message: 10_000, calls: 3, rate: 100 };

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

export class Page {
  session: Session;
  now = 0;
  sent: PageMessage[] = [];
  settled: unknown[] = [];
  commits: unknown[] = [];
  reads: number[] = [];
  other: Effect[] = [];

  constructor(limits: Limits = LIMITS) {
    this.session = new Session({ build: "b", page: { path: "/", query: "" }, visible: true, limits });
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
    this.receive({
      type: "welcome",
      session,
      token: `t-${session}`,
      attach: 1,
      mode,
      cq,
      limits,
      heartbeat: 20_000,
    });
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
      if (message.type === "invoke" || message.type === "cancel")
        return `${message.type} ${message.id} q${message.q}`;
      if (message.type === "ack") return `ack ${message.have}`;
      return message.type;
    });
    this.sent = [];
    return look;
  }
}
