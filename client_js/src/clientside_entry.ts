/** The entry of `clientside.js`, which stands before `wscb.js` in pages that have scripts or callbacks of their own. */
import type { Client, Env } from "./client";
import { type Clientside, noUpdate, preventUpdate, run, setter } from "./clientside";

const page = globalThis as { wscb?: Partial<Env>; dash_clientside?: Clientside };
const before = page.wscb;

/** A script of the page may have put another object in its place. */
function functions(client?: Client): Clientside {
  page.dash_clientside ??= {};
  return Object.assign(page.dash_clientside, {
    no_update: noUpdate,
    PreventUpdate: preventUpdate,
    ...(client && { set_props: setter((id, props) => client.set(id, props)) }),
  });
}

functions();
page.wscb = {
  ...before,
  prepare(specs, client) {
    functions(client);
    return before?.prepare?.(specs, client);
  },
  clientside: ({ client }, _url, call) => run(call, functions(client)),
};
