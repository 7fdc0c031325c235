/** How a page shows that calls run: what waits on them is marked, and the title says so. */
import type { View } from "./render";

/** Marks what waits on a call, and takes the marks off the rest. */
export function mark(root: Element, ids: Set<string>, views: Map<string, View>): void {
  const set = (el: Element | undefined, busy: boolean) => {
    for (const name of ["data-wscb-loading", "aria-busy"]) {
      if (busy) el?.setAttribute(name, "true");
      else el?.removeAttribute(name);
    }
  };
  for (const el of root.querySelectorAll("[data-wscb-loading]")) if (!ids.has(el.id)) set(el, false);
  for (const id of ids) set(views.get(id)?.el as Element | undefined, true);
}

/** The page's title, which is `text` while calls run. */
export class Title {
  private before: string | undefined;

  constructor(private readonly text: string) {}

  show(busy: boolean): void {
    if (busy === (this.before !== undefined)) return;
    if (busy) {
      this.before = document.title;
      document.title = this.text;
    } else {
      // Unless a callback has given the page another one meanwhile.
      if (document.title === this.text) document.title = this.before as string;
      this.before = undefined;
    }
  }
}
