/** A component alone, with what it emits taken up as the store would. */

import type { Mounted } from "../../src/dom/adapters/adapter";
import type { Mounting } from "../../src/dom/adapters/lazy";

type Props = Record<string, unknown>;

export function control(
  mount: (...args: Mounting) => Mounted,
  type: string,
  props: Props = {},
  el: HTMLElement = document.createElement(`wscb-${type.toLowerCase()}`),
) {
  document.body.append(el);
  const emitted: Props[] = [];
  const problems: Props[] = [];
  const live = { ...props };
  const mounted = mount(
    el,
    type,
    live,
    (changed) => {
      emitted.push(changed);
      mounted.set(changed);
    },
    (error) => problems.push({ ...error, message: error.message }),
    "/",
    () => Promise.reject(new Error()),
  );
  mounted.set(props);
  return { el, emitted, problems, mounted, set: (changed: Props) => mounted.set(changed) };
}

/** What a person does with a field: a value, and the event that says so. */
export function enter(field: HTMLInputElement, value: string, type = "change"): void {
  field.value = value;
  field.dispatchEvent(new Event(type, { bubbles: true }));
}
