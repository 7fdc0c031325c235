/** Styles in a file beside the module that needs them. */
import { h } from "./h";

/** Resolves when the styles are there, or are not to be had. */
export function styles(file: string): Promise<unknown> {
  return new Promise((done) => {
    const href = new URL(file, import.meta.url).href;
    const link = Object.assign(h("link"), { rel: "stylesheet", href });
    link.onload = link.onerror = done;
    document.head.append(link);
  });
}
