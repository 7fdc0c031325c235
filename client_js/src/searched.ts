/** A `Dropdown` whose `search_value` a callback reads has a field to search in, unless it says that it has none. */
import type { Look } from "./arrivals";
import type { Node } from "./store";
import { isMap, type Spec } from "./types";

/** Whether an id is the declared one, or one that it may stand for. */
function fits(declared: unknown, id: unknown): boolean {
  if (!isMap(declared) || !isMap(id)) return declared === id;
  const keys = Object.keys(declared);
  const same = (key: string) => Array.isArray(declared[key]) || declared[key] === id[key];
  return keys.length === Object.keys(id).length && keys.every((key) => Object.hasOwn(id, key) && same(key));
}

const parsed = (id: unknown) => (typeof id === "string" && id[0] === "{" ? JSON.parse(id) : id);

export function searched(specs: Spec[]): Look {
  const read = specs
    .flatMap(({ inputs, state }) => [...inputs, ...state])
    .filter(([, prop]) => prop === "search_value")
    .map(([id]) => parsed(id));
  return ({ added }, at) => {
    for (const id of added) {
      if (!read.some((one) => fits(one, parsed(id)))) continue;
      const { type, namespace, props } = at(id) as Node;
      if (namespace + type === "wscb_dccDropdown") props.searchable ??= true;
    }
  };
}
