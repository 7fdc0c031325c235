/**
 * `persistence`: what a component shows is kept in the browser under its id, and comes back with the component, before
 * any callback sees it.
 *
 * As in Dash: what is kept is the last value, whoever has set it, with the one that the component came with. It comes
 * back to a component that comes with that same one; to any other it is of no use any more, and goes.
 */
import type { Look } from "./arrivals";
import { json, type Node } from "./store";

const NAMES = ["persistence", "persisted_props", "persistence_type"];
/** What of a component is kept unless it says so; none has two of these that are not of one kind. */
const PROPS = ["value", "date", "start_date", "end_date"];

type Area = Pick<Storage, "getItem" | "setItem" | "removeItem">;
type Props = Record<string, unknown>;

const memory = new Map<string, string>();
const page: Area = {
  getItem: (key) => memory.get(key) ?? null,
  setItem: (key, text) => memory.set(key, text),
  removeItem: (key) => memory.delete(key),
};
const areas: Record<string, () => Area> = { memory: () => page, session: () => sessionStorage };

/** How a component is kept, and what it came with. */
interface Keep {
  props: Props;
  persistence: unknown;
  area: () => Area;
  came: Props;
}

/** A browser that refuses storage, or whose storage is full, or holds what nobody can read, still has the page. */
function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

/** Values as the layout has them: what is not set is null. */
const text = (value: unknown) => json(value ?? null);

/** Keeps what components ask to be kept. `base` keeps apps on one host apart. */
export function keep(base: string): Look {
  const kept = new Map<string, Keep>();
  const key = (id: string, prop: string, persistence: unknown) =>
    `wscb-kept:${base}${id}.${prop}.${text(persistence)}`;

  function begin(id: string, node: Node): void {
    const { props } = node;
    const { persistence, persisted_props: names, persistence_type: type } = props;
    // They are nothing to show, so that no element has them as attributes.
    for (const name of NAMES)
      if (name in props)
        Object.defineProperty(props, name, { value: props[name], enumerable: false, writable: true });
    kept.delete(id);
    if (!persistence) return;
    const area = areas[String(type)] ?? (() => localStorage);
    const came = Object.fromEntries(((names ?? PROPS) as string[]).map((prop) => [prop, props[prop]]));
    kept.set(id, { props, persistence, area, came });
    for (const prop in came) {
      attempt(() => {
        const name = key(id, prop, persistence);
        const found = area().getItem(name);
        if (found === null) return;
        const [value, from] = JSON.parse(found);
        if (text(from) === text(came[prop])) props[prop] = value;
        else area().removeItem(name);
      });
    }
  }

  /** The component is kept in another way: it is as it came, or as it was left when it was last kept in that way. */
  function again(id: string, node: Node, changed: Set<string>): void {
    const { came = {} } = kept.get(id) ?? {};
    const before = { ...node.props };
    const free = Object.keys(came).filter((prop) => !changed.has(prop));
    for (const prop of free) node.props[prop] = came[prop];
    begin(id, node);
    for (const prop of new Set([...free, ...Object.keys(kept.get(id)?.came ?? {})]))
      if (text(before[prop]) !== text(node.props[prop])) changed.add(prop);
  }

  function remember(id: string, prop: string): void {
    const { props, persistence, area, came } = kept.get(id) as Keep;
    if (Object.hasOwn(came, prop))
      area().setItem(key(id, prop, persistence), json([props[prop] ?? null, came[prop] ?? null]));
  }

  return ({ added, changed, removed }, at) => {
    for (const id of removed) kept.delete(id);
    for (const id of added) begin(id, at(id) as Node);
    for (const [id, props] of changed) {
      if (added.has(id)) continue;
      if (NAMES.some((name) => props.has(name))) again(id, at(id) as Node, props);
      else if (kept.has(id)) for (const prop of props) attempt(() => remember(id, prop));
    }
  };
}
