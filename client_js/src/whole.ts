/** What a page of ours loads later stands in `connect.js` itself, so that it can be bundled or copied as one file. */
import type { Env } from "./client";
import { post } from "./http";
import { apply } from "./patch";
import { refused } from "./probe";

const page = globalThis as { wscb?: Partial<Env> };
page.wscb = { ...page.wscb, late: async () => ({ post, refused }), patch: async () => ({ apply }) };
