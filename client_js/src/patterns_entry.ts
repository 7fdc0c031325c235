/** The entry of `patterns.js`, which stands before `wscb.js` in pages whose callbacks have patterns. */
import type { Env } from "./client";
import { patterns } from "./patterns";

const page = globalThis as { wscb?: Partial<Env> };
const before = page.wscb;
page.wscb = {
  ...before,
  prepare(specs, client) {
    before?.prepare?.(specs, client);
    return patterns(specs, client.store);
  },
};
