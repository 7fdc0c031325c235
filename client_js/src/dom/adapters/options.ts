/** The `options` of a choice, in their three forms, as one. */
import type { Props } from "../props";

export interface Option {
  label: string;
  value: unknown;
  disabled?: boolean;
  title?: string;
}

export function optionsOf(options: unknown): Option[] {
  if (!(Symbol.iterator in Object(options))) {
    return Object.entries((options ?? {}) as Props).map(([value, label]) => ({
      value,
      label: String(label),
    }));
  }
  return Array.from(options as Iterable<Option>, (option) =>
    option !== null && typeof option === "object"
      ? { ...option, label: String(option.label ?? option.value) }
      : { value: option, label: String(option) },
  );
}

/** Makes `parent` have one child for each item, keeping those that are there, and lets `show` fill each. */
export function rows<T>(
  parent: Element,
  list: T[],
  make: () => Element,
  show: (el: Element, item: T) => void,
): void {
  while (parent.children.length > list.length) parent.lastElementChild?.remove();
  for (const [i, item] of list.entries()) show(parent.children[i] ?? parent.appendChild(make()), item);
}
