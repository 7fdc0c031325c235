/** The entry of `clientside.js`, which stands before `wscb.js` in pages that have callbacks of their own. */
import { type Clientside, noUpdate, preventUpdate, run } from "./clientside";
import type { HttpEnv } from "./http";
import type { Call } from "./types";

interface Page {
  client: { set(id: string, props: Record<string, unknown>): void };
}

const page = globalThis as { wscb?: object; dash_clientside?: Clientside };
// There before the functions are called the first time, for those who keep it.
page.dash_clientside = Object.assign(page.dash_clientside ?? {}, {
  no_update: noUpdate,
  PreventUpdate: preventUpdate,
});
page.wscb = {
  ...page.wscb,
  clientside: ({ client }: HttpEnv & Page, _url: string, call: Call) => {
    page.dash_clientside ??= {};
    return run(call, page.dash_clientside, (id, props) => client.set(id, props));
  },
};
