/**
 * Keeps a link to the server, and says honestly how it stands: `connecting`, `live`, `waiting` (for the next
 * attempt), `offline`, `refused` (does not come back by itself), `stale` (live, and the server has a newer build).
 */
import { backoff } from "./backoff";
import type { post } from "./http";
import type { apply } from "./patch";
import type { refused } from "./probe";
import type { Welcome } from "./protocol.gen";
import type { Link, OpenLink } from "./transport";
import type { BannerState, ConnectionState } from "./types";

/** What the client takes from the module that is loaded later. */
export interface Late {
  post: typeof post;
  refused: typeof refused;
}

export interface ConnectionEnv {
  /** ms since the epoch */
  now(): number;
  /** in [0, 1) */
  random(): number;
  /** Calls `then` after `ms`; gives the way to call it off. */
  later(ms: number, then: () => void): () => void;
  openLink: OpenLink;
  fetch: typeof fetch;
  online(): boolean;
  reload(): void;
  /** Loads what is not needed before the page is live. */
  late(): Promise<Late>;
  /** Loads how operations on props are done. */
  patch(): Promise<{ apply: typeof apply }>;
}

export interface Driver extends Pick<Parameters<OpenLink>[1], "opened" | "message"> {
  closed(code: number): void;
  /** Sends what the server answers; gives how to see whether it has. */
  ask(): () => boolean;
  state(state: BannerState): void;
}

/** An open without a `welcome` for so long has failed. */
const WELCOME_MS = 10_000;
/** A server that was asked speaks within half a second, and what the network takes. A loss is told within two. */
const ANSWER_MS = 1500;
/** No close was heard of. */
const LOST = 1006;
const IDLE = 4001;
const UNAUTHENTICATED = 4501;
/** After so many failed opens in a row, ask over HTTP what is wrong. */
const PROBE_AFTER = 3;

export class Connection {
  #env: ConnectionEnv;
  #base: string;
  #driver: Driver;
  #link: Link | undefined;
  #stopTimer = () => {};
  /** Until it is started, nothing starts it: a page may need no connection, or may be in the back-forward cache. */
  #state: ConnectionState = "refused";
  #welcomed = false;
  #stale = false;
  #failures = 0;
  #lost: number | undefined;
  #heardAt = 0;
  /** ms of silence that are a loss; 0: there are no pings. */
  #patience = 0;
  /** Whether the server has answered what it was asked last. */
  #answered!: () => boolean;
  /** The server leaves: the pages come back spread over so many ms. */
  drain: number | undefined;
  /** Why the server will close, in its words. */
  said: string | undefined;

  /** @param base where the app is served, an absolute URL that ends in "/" */
  constructor(env: ConnectionEnv, base: string, driver: Driver) {
    this.#env = env;
    this.#base = base;
    this.#driver = driver;
  }

  start(): void {
    this.stop();
    this.said = undefined;
    this.#show(this.#env.online() ? "connecting" : "offline");
    this.#open();
  }

  stop(): void {
    this.#stopTimer();
    this.#link?.close();
    this.#link = undefined;
    this.#welcomed = false;
    this.#state = "refused";
  }

  /** The network is back, or the page is looked at: no need to wait. */
  wake(): void {
    if (this.#welcomed) this.#ask();
    else if (!this.#link && this.#state !== "refused") this.start();
  }

  /** There is something to send: that ends a pause, and no waiting for a server that was lost. */
  needed(): void {
    if (this.#lost === undefined && !this.#link) this.wake();
  }

  /** `navigator.onLine` went false: said, and attempts go on, as it is not always right. A link may still live. */
  wentOffline(): void {
    if (this.#welcomed) this.#ask();
    else if (this.#state === "waiting") this.#show("offline");
  }

  send(frame: Uint8Array): void {
    this.#link?.send(frame);
  }

  /** @param heartbeat ms between the server's pings; silence for one and a half of them is a loss. 0: no pings */
  welcomed(mode: Welcome["mode"], heartbeat: number): void {
    this.#stopTimer();
    this.#welcomed = true;
    this.#failures = 0;
    this.#lost = this.drain = this.said = undefined;
    this.#stale ||= mode === "stale";
    this.#show(this.#stale ? "stale" : "live");
    this.#patience = heartbeat * 1.5;
    this.#answered = () => true;
    this.#listen();
  }

  #open(): void {
    this.#stopTimer();
    this.#stopTimer = this.#env.later(WELCOME_MS, () => this.closed());
    const link: Link = this.#env.openLink(`${this.#base.replace(/^http/, "ws")}_wscb/ws`, {
      opened: () => this.#driver.opened(),
      alive: () => {
        this.#heardAt = this.#env.now();
      },
      message: (message, size) => this.#driver.message(message, size),
      closed: (code) => this.#link === link && this.closed(code),
    });
    this.#link = link;
  }

  #listen(): void {
    const patience = this.#answered() ? this.#patience : ANSWER_MS;
    if (!patience) return;
    const left = this.#heardAt + patience - this.#env.now();
    if (left <= 0) this.closed();
    else this.#stopTimer = this.#env.later(left, () => this.#listen());
  }

  /**
   * The link may be half open: the server is made to speak, and one that falls silent before it has answered is lost.
   * What comes before the answer may have been under way when the line broke.
   */
  #ask(): void {
    this.#stopTimer();
    this.#heardAt = this.#env.now();
    this.#answered = this.#driver.ask();
    this.#listen();
  }

  /** The link is closed, or as good as. */
  closed(code = LOST): void {
    this.stop();
    this.#driver.closed(code);
    if (code >= 4500 && code < 5000) this.#show("refused", { code });
    else if (code === IDLE) this.#show("waiting", { code });
    else this.#comeBack(code);
  }

  #comeBack(code: number): void {
    const now = this.#env.now();
    this.#lost ??= now;
    const wait =
      this.drain === undefined
        ? backoff(now - this.#lost, this.#env.random)
        : this.#env.random() * this.drain;
    this.drain = undefined;
    this.#show(this.#env.online() ? "waiting" : "offline", {
      code,
      retryAt: now + wait,
    });
    this.#stopTimer = this.#env.later(wait, () => this.#open());
    if (++this.#failures % PROBE_AFTER === 0) this.#probe();
  }

  /** Asks over HTTP what is wrong. */
  async #probe(): Promise<void> {
    const { late, fetch } = this.#env;
    const refused = await late().then(
      ({ refused }) => refused(fetch, this.#base),
      () => false,
    );
    if (refused && !this.#welcomed) this.closed(UNAUTHENTICATED);
  }

  #show(state: ConnectionState, more: Partial<BannerState> = {}): void {
    this.#state = state;
    this.#driver.state({
      state,
      lost: this.#lost,
      reason: this.said,
      retry: () => this.start(),
      reload: this.#env.reload,
      ...more,
    });
  }
}
