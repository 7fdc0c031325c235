/** How a page shows that calls run: what waits on them is marked, and the title says so. */
import type { View } from "./render";

/** Marks what waits on a call with the names of the props that do, and takes the marks off the rest. */
export function mark(root: Element, waiting: Map<string, Set<string>>, views: Map<string, View>): void {
  const set = (el: Element | undefined, props?: Set<string>) => {
    if (props) {
      el?.setAttribute("data-wscb-loading", [...props].join(" "));
      el?.setAttribute("aria-busy", "true");
    } else for (const name of ["data-wscb-loading", "aria-busy"]) el?.removeAttribute(name);
  };
  for (const el of root.querySelectorAll("[data-wscb-loading]")) if (!waiting.has(el.id)) set(el);
  for (const [id, props] of waiting) set(views.get(id)?.el as Element | undefined, props);
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
