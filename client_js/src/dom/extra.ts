/** The module of what a page of plain elements and inputs does without; loaded when the first of it appears. */
import type { Adapter, Mounted } from "./adapters/adapter";
import { checks } from "./adapters/checks";
import { dialog } from "./adapters/dialog";
import { dropdown } from "./adapters/dropdown";
import { element } from "./adapters/element";
import { store } from "./adapters/store";

const controls: Record<string, Adapter["mount"]> = {
  Dialog: dialog,
  Dropdown: dropdown,
  Checklist: checks,
  RadioItems: checks,
};

/** `base` is the path that the app is served under. */
export function mount(
  ...[el, type, props, emit, fail, base]: [...Parameters<Adapter["mount"]>, base: string]
): Mounted {
  const control = type === "Store" ? store(base) : (controls[type] ?? element);
  return control(el, type, props, emit, fail);
}
