/** The entry of `patterns.js`, which stands before `wscb.js` in pages whose callbacks have patterns. */
import { patterns } from "./patterns";

const page = globalThis as { wscb?: object };
page.wscb = { ...page.wscb, patterns };
