/** Components whose module is loaded when the first of them appears. */

import type { Props } from "../props";
import type { Adapter, Mounted } from "./adapter";

/** Loads a module that stands beside the client, once. */
// biome-ignore lint/suspicious/noExplicitAny: What a file exports is known to those who name it.
export type Load = (file: string) => Promise<any>;

/** What such a module gets: the base is the path that the app is served under. */
export type Mounting = [...Parameters<Adapter["mount"]>, base: string, load: Load];

type Module = { mount(...args: Mounting): Mounted };

/** An adapter in a module of its own. */
export function lazy(load: Load, base: string, file: string): Adapter {
  return {
    tag: (type) => (type === "Link" ? "a" : `wscb-${type}`),
    mount(el, type, given, emit, fail) {
      const props: Props = { ...given };
      /** Null when it is over. */
      let mounted: Mounted | undefined | null;
      const ready = load(file).then(
        (loaded: Module) => {
          if (mounted !== null) mounted = loaded.mount(el, type, props, emit, fail, base, load);
          return mounted?.ready;
        },
        () => {
          el.textContent = `${type} cannot be shown`;
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
          mounted?.destroy?.();
          mounted = null;
        },
      };
    },
  };
}
