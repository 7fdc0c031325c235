/** The banner that says how the connection is, in words, what comes next, and what a person can do. */
import type { BannerState } from "../types";
import { h } from "./h";

/** Short losses are not worth a word: ms until the banner of a state shows. */
const PATIENCE: Record<string, number> = { connecting: 1500, waiting: 400 };

interface Words {
  text: string;
  /** What the button says, if there is one. */
  action?: string;
}

/** What happened and what to do. */
export function wordsFor({ state, code, reason, retryAt }: BannerState): Words {
  if (state === "connecting") return { text: "Connecting…" };
  if (state === "waiting" && retryAt === undefined) {
    return { text: "This page is paused. It goes on when it is used.", action: "Go on" };
  }
  if (state === "waiting") return { text: "Connection lost.", action: "Try now" };
  if (state === "offline") {
    return { text: "You are offline. The page goes on when the network is back.", action: "Try now" };
  }
  // What a server of another protocol says of it is nothing to a person.
  if (state === "stale" || code === 4504) {
    return { text: "A new version of this page is there.", action: "Reload" };
  }
  if (state === "live") return { text: "Connected again." };
  if (code === 4501) return { text: reason || "You are signed out.", action: "Sign in again" };
  if (code === 4509) return { text: "This page went on in another tab or window.", action: "Use it here" };
  return { text: reason || "The server does not accept this page.", action: "Reload" };
}

/** Seconds until `at`, as a person counts them. */
export function countdown(at: number, now: number): string {
  const left = Math.ceil((at - now) / 1000);
  return left > 0 ? `Trying again in ${left} s` : "Trying again…";
}

export class Banner {
  private readonly el = h("div", "wscb-banner");
  private readonly text = h("span");
  /** Counts each second, so it is not read out: the text is, once. */
  private readonly count = h("span", "wscb-count");
  private readonly button = h("button");
  private state: BannerState = { state: "live" };
  /** When the connection was last there, ms since the epoch. */
  private since = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    this.el.role = "status";
    this.el.ariaLive = "polite";
    this.count.ariaHidden = "true";
    this.button.type = "button";
    this.button.addEventListener("click", () => {
      const { state, retry, reload } = this.state;
      if (state === "waiting" || state === "offline") retry?.();
      else reload ? reload() : location.reload();
    });
    this.el.append(this.text, this.count, this.button);
    this.el.hidden = true;
    // A live region must stand in the page before it speaks.
    document.body.append(this.el);
  }

  show(state: BannerState): void {
    const now = Date.now();
    // One loss, however often it is tried again meanwhile.
    if (this.state.state === "live") this.since = now;
    this.state = state;
    clearTimeout(this.timer);
    if (!this.el.hidden) this.fill();
    if (state.state === "live") this.timer = setTimeout(() => this.hide(), 2000);
    else if (this.el.hidden) {
      this.timer = setTimeout(() => this.fill(), this.since + (PATIENCE[state.state] ?? 0) - now);
    }
  }

  destroy(): void {
    clearTimeout(this.timer);
    this.el.remove();
  }

  private hide(): void {
    this.el.hidden = true;
    this.text.textContent = "";
  }

  private fill(): void {
    const { state, retryAt } = this.state;
    const { text, action = "" } = wordsFor(this.state);
    if (this.text.textContent !== text) this.text.textContent = text;
    const counts = state === "waiting" && retryAt !== undefined;
    this.count.textContent = counts ? countdown(retryAt, Date.now()) : "";
    this.button.textContent = action;
    this.button.hidden = !action;
    this.el.dataset.state = state;
    this.el.hidden = false;
    clearTimeout(this.timer);
    if (counts) this.timer = setTimeout(() => this.fill(), 1000);
  }
}
