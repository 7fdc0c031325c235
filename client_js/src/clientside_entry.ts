/** The entry of `clientside.js`, which stands before `wscb.js` in pages that have scripts or callbacks of their own. */
import type { Client, Env } from "./client";
import { type Clientside, noUpdate, preventUpdate, run, setter } from "./clientside";
import { Patch } from "./operations";
import type { Operation } from "./types";

const page = globalThis as { wscb?: Partial<Env>; dash_clientside?: Clientside };
const before = page.wscb;

/** A script of the page may have put another object in its place. */
function functions(client?: Client): Clientside {
  page.dash_clientside ??= {};
  return Object.assign(page.dash_clientside, {
    no_update: noUpdate,
    PreventUpdate: preventUpdate,
    Patch,
    ...(client && {
      set_props: setter(
        (id, props) => client.set(id, props),
        (id, prop, operations) => change(client, id, prop, operations).catch(console.error),
      ),
    }),
  });
}

const FILE = "./patch.js"; // as text, which the build leaves alone

/** Sets a prop to what operations make of it. */
async function change(client: Client, id: string, prop: string, operations: Operation[]): Promise<void> {
  const { apply } = await (page.wscb?.patch ?? (() => import(FILE)))();
  const changed = operations.reduce((value, one) => apply(value, one, prop), client.store.get(id, prop));
  client.set(id, { [prop]: changed });
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
