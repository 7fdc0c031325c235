/** Time as a test says it passes, and links as a test lets them live. */

import { decode, pack } from "../src/codec";
import { post } from "../src/http";
import { apply } from "../src/patch";
import { refused } from "../src/probe";
import type { ServerMessage } from "../src/protocol.gen";
import type { Handlers, Link } from "../src/transport";

export class Clock {
  now = 1_000_000;
  #timers: { at: number; then: () => void }[] = [];

  later = (ms: number, then: () => void): (() => void) => {
    const timer = { at: this.now + ms, then };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  get pending(): number {
    return this.#timers.length;
  }

  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = this.#timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.now = Math.max(this.now, next.at);
      next.then();
    }
    this.now = end;
  }
}

/** One socket, from the server's side. */
export class FakeLink implements Link {
  sent: any[] = [];
  closed = false;

  constructor(
    readonly url: string,
    readonly handlers: Handlers,
  ) {}

  send(frame: Uint8Array): void {
    this.sent.push(decode(frame));
  }

  close(): void {
    this.closed = true;
  }

  /** The last message of a type that the page sent. */
  last(type: string): any {
    return this.sent.filter((message) => message.type === type).at(-1);
  }

  say(message: ServerMessage, size = 10): void {
    this.handlers.alive();
    this.handlers.message(message, size);
  }

  welcome(more: object = {}): void {
    this.handlers.opened();
    this.say({
      type: "welcome",
      session: "s1",
      token: "t",
      attach: 1,
      mode: "new",
      cq: 0,
      limits: { message: 10_000, calls: 8, rate: 100 },
      heartbeat: 20_000,
      ...more,
    });
  }

  drop(code = 1006): void {
    this.handlers.closed(code);
  }
}

/** The env that both `Connection` and `Client` take. */
export class FakeEnv {
  clock = new Clock();
  links: FakeLink[] = [];
  isOnline = true;
  isVisible = true;
  reloads = 0;
  chance = 1;
  requests: string[] = [];
  answer: (url: string, init?: RequestInit) => Promise<Response> = () =>
    Promise.reject(new TypeError("network"));
  location = { href: "http://host/app/?q=1", pathname: "/app/", search: "?q=1" };

  pack = pack;
  decode = decode;
  now = () => this.clock.now;
  random = () => this.chance;
  later = this.clock.later;
  online = () => this.isOnline;
  visible = () => this.isVisible;
  reload = () => void this.reloads++;
  late = () => Promise.resolve({ post, refused });
  patch = () => Promise.resolve({ apply });

  fetch = (async (url: string, init?: RequestInit) => {
    this.requests.push(url);
    return this.answer(url, init);
  }) as unknown as typeof fetch;

  openLink = (url: string, handlers: Handlers) => {
    const link = new FakeLink(url, handlers);
    this.links.push(link);
    return link;
  };

  get link(): FakeLink {
    return this.links.at(-1) as FakeLink;
  }
}

/** Lets promises that are due run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
