/**
 * Errors of calls. In production a note with the reference number under which the log has the rest; in debug the
 * message and the traceback. It never takes the focus; Escape or a button sends it away.
 */
import type { DomPage } from "../types";
import { h } from "./h";

/** How many are kept; a callback that fails at every tick must not fill the screen. */
const MOST = 3;

/** What the client itself says by a code alone, so that its texts are loaded only when one is needed. */
const WORDS: Record<string, string> = {
  unknown: "What was asked of it last may or may not have been done.",
  too_big: "What it reads is too big to be sent.",
  cannot_encode: "A value that it reads cannot be sent.",
  http: "Something on the way to the server refused it.",
  not_on_page: "A component that changes is not on the page.",
  missing_input: "A component that is read is not on the page.",
  invalid_patch: "A change does not fit its value.",
};

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

  show({ ref, message, traceback, callback, code, page }: Parameters<DomPage["showError"]>[0]): void {
    if (page && !page.debug) {
      // Without a socket there is no other place for it.
      if (!page.socket) console.warn(code, message);
      return;
    }
    const note = h("article", "wscb-error");
    const lost = code === "unknown";
    const named = callback ? `Error in ${callback}` : "Something went wrong.";
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
    // The same error again takes the place of the first: of the same callback, or where none is named with the same words.
    note.dataset.what = `${lost} ${callback ?? message}`;
    const same = ({ dataset }: HTMLElement) => dataset.what === note.dataset.what;
    ([...this.el.children] as HTMLElement[]).find(same)?.remove();
    this.el.append(note);
    while (this.el.children.length > MOST) this.el.firstChild?.remove();
  }

  destroy(): void {
    this.stop.abort();
    this.el.remove();
  }
}
