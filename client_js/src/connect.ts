/** The entry of `connect.js`, for pages that draw their components themselves. */
import { begin, pageData } from "./browser";
import { type Headless, headless } from "./headless";
import type { PageData } from "./types";

export type { Headless } from "./headless";
export type * from "./types";

/** A client without rendering: `get`, `set`, `subscribe`, `watch`, `call`, `state`. */
export function connect(page: PageData = pageData()): Headless {
  return headless(page, begin);
}
