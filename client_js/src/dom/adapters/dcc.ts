/** Which adapter shows which type of `dcc`. */

import { type Adapter, adapters } from "./adapter";
import { html } from "./html";
import { field } from "./input";
import { type Load, lazy } from "./lazy";

/** Registers what comes with the client. `base` is the path that the app is served under. */
export function registerAll(base: string, load: Load): void {
  const extra = lazy(load, base, "extra.js");
  Object.assign(adapters, {
    wscb_html: html,
    "wscb_html/Dialog": { ...extra, tag: html.tag },
    // What is no name of a custom element is refused as a script is.
    wscb_element: { ...extra, tag: (type) => (/^[a-z][\w.]*-[\w.-]*$/.test(type) ? type : "script") },
    // All that has no entry here: dcc.js knows in which module it is.
    wscb_dcc: lazy(load, base, "dcc.js"),
    "wscb_dcc/Input": field,
    "wscb_dcc/Textarea": field,
    "wscb_dcc/Store": { ...extra, tag: () => "template" },
    "wscb_dcc/Dropdown": {
      ...extra,
      tag: (_, { multi, searchable }) => (multi || searchable ? "div" : "select"),
    },
    "wscb_dcc/Chart": lazy(load, base, "chart.js"),
  } satisfies Record<string, Adapter>);
}
