/** The module of what a page of plain elements and inputs does without; loaded when the first of it appears. */
import type { Adapter } from "./adapters/adapter";
import { checks } from "./adapters/checks";
import { dropdown } from "./adapters/dropdown";
import { element } from "./adapters/element";
import { slider } from "./adapters/slider";

const controls: Record<string, Adapter["mount"]> = {
  Dropdown: dropdown,
  Slider: slider,
  Checklist: checks,
  RadioItems: checks,
};

export const mount: Adapter["mount"] = (el, type, props, emit) =>
  (controls[type] ?? element)(el, type, props, emit);
