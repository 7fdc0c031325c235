/** Custom elements: a prop is a property of the element, an event of it reports a prop. */
import { guard, type Props, Refused, setProp, setStyle } from "../props";
import type { Adapter } from "./adapter";

const PLAIN = /^(data-|aria-|className$|slot$|class$)/;
const NOT_SHOWN = /^(children|id|key|events|n_clicks(_timestamp)?|disable_n_clicks)$/;

export const element: Adapter["mount"] = (el, type, props, emit) => {
  const target = el as unknown as Props;
  const shown: Props = {};
  const stop = new AbortController();
  const { signal } = stop;
  for (const [event, prop] of Object.entries((props.events ?? {}) as Record<string, string>)) {
    const report = (e: Event) =>
      emit({ [prop]: prop === "detail" ? (e as CustomEvent).detail : target[prop] });
    el.addEventListener(event, report, { signal });
  }

  const setOne = (name: string, value: unknown) => {
    guard(name, value);
    if (name === "style") setStyle(el.style, value, shown.style);
    else if (PLAIN.test(name) || !(name in el)) {
      if (typeof value !== "object" || value === null) setProp(el, name, value);
      // An element whose definition is still loading reads its properties when it comes.
      else if (!customElements.get(type)) target[name] = value;
    } else if (typeof target[name] === "function") throw new Refused(name, "is a method of the element");
    else if (target[name] !== value) target[name] = value;
  };
  const set = (changed: Props) => {
    let refused: unknown;
    for (const name in changed) {
      if (NOT_SHOWN.test(name)) continue;
      try {
        setOne(name, changed[name]);
      } catch (error) {
        refused ??= error;
      }
      shown[name] = changed[name];
    }
    if (refused) throw refused;
  };
  // What was set as an attribute before the element was defined is set again as the property it turns out to be.
  if (!customElements.get(type)) {
    const defined = () => signal.aborted || set({ ...shown });
    // A type that can be none is never defined.
    customElements.whenDefined(type).then(defined, () => {});
  }
  return { set, destroy: () => stop.abort() };
};
