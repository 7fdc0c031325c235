/**
 * Errors of calls. In production a note with the reference number under which the log has the rest; in debug the
 * message and the traceback. It never takes the focus; Escape or a button sends it away.
 */
import type { Detail } from "../types";
import { h } from "./h";

/** One to show. */
export interface Shown extends Detail {
  /** What it is about: of the same thing the newest is shown. */
  about?: string;
}

/** How many are kept; a callback that fails at every tick must not fill the screen. */
const MOST = 3;

/** What the client itself says by a code alone, so that its texts are loaded only when one is needed. */
const WORDS: Record<string, string> = {
  unknown: "What was asked of it last may or may not have been done.",
  too_big: "What it reads is too big to be sent.",
  cannot_encode: "A value that it reads cannot be sent.",
  http: "Something on the way to the server refused it.",
  signed_out: "You are signed out. Reload the page to sign in again.",
  closed: "It was not done: the server does not take this page now.",
  too_many: "It was not done: too many calls wait for the server.",
};

/** ms for which an error stays when it works again. */
const STAYS = 5000;

export class Overlay {
  private readonly el = h("section", "wscb-errors");
  private readonly stop = new AbortController();

  constructor() {
    this.el.ariaLabel = "Errors";
    this.el.role = "log";
    this.el.ariaLive = "polite";
    document.body.append(this.el);
    const { signal } = this.stop;
    document.addEventListener("keydown", (e) => e.key === "Escape" && this.el.lastChild?.remove(), {
      signal,
    });
  }

  show({ ref, message, traceback, callback, code, about = message }: Shown): void {
    const note = h("article", "wscb-error");
    const lost = code === "unknown";
    // One that neither reads nor writes has the name of its function behind that of its module.
    const named = callback ? `Error in ${callback.replace(/^\|#.*\./, "")}` : "Something went wrong.";
    const title = h("strong", "", lost ? "The server was lost." : named);
    const close = h("button", "wscb-clear", "×");
    close.type = "button";
    close.ariaLabel = "Dismiss";
    close.addEventListener("click", () => note.remove());
    note.append(title, close);
    const add = (text: string | undefined, tag: "p" | "pre" | "code" = "p") =>
      text && note.append(h(tag, "", text));
    add(WORDS[code ?? ""] ?? (message || ref ? "" : code));
    add(message);
    add(traceback, "pre");
    add(ref && `Reference ${ref}`);
    // Nobody's fault, so the callback's name comes last: for those who know it.
    if (lost) add(callback, "code");
    // A traceback is scrolled by keyboard too.
    note.querySelector("pre")?.setAttribute("tabindex", "0");
    note.dataset.about = about;
    this.about(about)?.remove();
    this.el.append(note);
    while (this.el.children.length > MOST) this.el.firstChild?.remove();
  }

  /** It has worked since: so it is said, and what there is no more to read of goes. */
  well(about: string): void {
    const note = this.about(about);
    if (!note || note.dataset.well) return;
    note.dataset.well = "true";
    note.append(h("p", "", `It has worked again since ${new Date().toLocaleTimeString()}.`));
    if (note.querySelector("pre")) return;
    const read = () => note.matches(":hover") || note.contains(document.activeElement);
    setTimeout(() => read() || note.remove(), STAYS);
  }

  private about(about?: string): HTMLElement | undefined {
    return ([...this.el.children] as HTMLElement[]).find(({ dataset }) => dataset.about === about);
  }

  destroy(): void {
    this.stop.abort();
    this.el.remove();
  }
}
