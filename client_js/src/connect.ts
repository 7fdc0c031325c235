/** The entry of `connect.js`, for pages that draw their components themselves: one file, which loads no other. */
import "./patterns_entry";
import "./clientside_entry";
import "./whole";
import type { AnyCallbacks, AnyComponents, Headless, Options } from "./api";
import { begin, pageData } from "./browser";
import { pageAt } from "./elsewhere";
import { headless } from "./headless";

export type * from "./api";

/**
 * Connects to an app, and draws nothing.
 *
 * @param url where the app is served, as `/dashboard/`; without it this page is the app's own
 */
export function connect<C extends object = AnyComponents, K extends object = AnyCallbacks>(
  url?: string,
  options?: Options,
): Headless<C, K> {
  const from = url === undefined ? pageData() : pageAt(url, globalThis);
  return headless(from, begin, options) as unknown as Headless<C, K>;
}
