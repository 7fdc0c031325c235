/** Which adapter shows which type of `dcc`. */

import type { Props } from "../props";
import { type Adapter, adapters, type Mounted } from "./adapter";
import { html } from "./html";
import { field } from "./input";

/** Loads a module that stands beside the client. */
// biome-ignore lint/suspicious/noExplicitAny: What a file exports is known to those who name it.
export type Load = (file: string) => Promise<any>;

type Module = { mount(...args: [...Parameters<Adapter["mount"]>, base: string]): Mounted };

/** An adapter in a module of its own, which is loaded when a component of it first appears. */
function lazy(load: Load, base: string, file: string): Adapter {
  let module: Promise<Module> | undefined;
  return {
    tag: () => "div",
    mount(el, type, _props, emit) {
      const props: Props = {};
      let mounted: Mounted | undefined;
      let over = false;
      module ??= load(file);
      const ready = module.then(
        (loaded) => {
          if (!over) mounted = loaded.mount(el, type, props, emit, base);
        },
        () => {
          module = undefined;
          el.textContent = `${file} could not be loaded`;
        },
      );
      return {
        ready,
        slot: el,
        set(changed) {
          Object.assign(props, changed);
          mounted?.set(changed);
        },
        destroy() {
          over = true;
          mounted?.destroy?.();
        },
      };
    },
  };
}

/** Registers what comes with the client. `base` is the path that the app is served under. */
export function registerAll(base: string, load: Load): void {
  const extra = lazy(load, base, "extra.js");
  Object.assign(adapters, {
    wscb_html: html,
    "wscb_html/Dialog": { ...extra, tag: () => "dialog" },
    wscb_element: {
      ...extra,
      tag(type) {
        if (!/^[a-z][\w.]*-[\w.-]*$/.test(type)) throw new Error(type);
        return type;
      },
    },
    wscb_dcc: extra,
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
