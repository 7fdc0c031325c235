/**
 * The entry of `arrivals.js`, which stands before `wscb.js` in pages to which components may come that are not taken as
 * they are: they get what was kept of them, or what a callback asks of them, before anything else sees them.
 */
import { watch } from "./arrivals";
import type { Env } from "./client";
import { keep } from "./persistence";
import { searched } from "./searched";

const page = globalThis as { wscb?: Partial<Env> };
const before = page.wscb;
/** The path that the app is served under. */
const base = new URL(import.meta.url).pathname.split("_wscb/")[0] as string;

page.wscb = {
  ...before,
  prepare(specs, client) {
    watch(client.store, [searched(specs), keep(base)]);
    return before?.prepare?.(specs, client);
  },
};
