/**
 * The props of every component: the truth of the page.
 *
 * The tree is live: a component with an id is the same object in the tree and in the index. So identity says to whom a
 * component belongs: when another value names an id anew, the index holds the other object, and what still stands in
 * the first value is a leftover whose removal removes nothing.
 */
import type { apply } from "./patch";
import { type Change, type Commit, ensure, FORBIDDEN, isMap, isNode, type Node } from "./types";

export type { Commit, Node };

/** The nodes in a value, outermost first, in any prop. */
export function nodes(value: unknown, found: Node[] = []): Node[] {
  if (Array.isArray(value)) for (const item of value) nodes(item, found);
  else if (isMap(value)) {
    if (isNode(value)) found.push(value);
    nodes(Object.values(isNode(value) ? value.props : value), found);
  }
  return found;
}

/** JSON of any value that the wire brings; big integers as text. */
export const json = (value: unknown): string =>
  JSON.stringify(value, (_, part) => (typeof part === "bigint" ? String(part) : part));

/** A node's id as the wire has it: dict ids are compact JSON with sorted keys. */
export function idOf(node: Node): string | undefined {
  const id = node.props["id"];
  if (isMap(id)) return json(Object.fromEntries(Object.entries(id).sort()));
  return id === undefined || id === null ? undefined : String(id);
}

const NONE: readonly Node[] = [];

export class Store {
  root: unknown;
  /** How operations are done: they come in a module of their own, so they are handed in. */
  apply: typeof apply | undefined;
  /** Told of each commit that changed something. */
  reader: ((commit: Commit) => void) | undefined;
  #index = new Map<string, Node>();
  /** Props known to hold no component, so that a long list of numbers is not searched at each append. */
  #plain = new WeakMap<Node, Set<string>>();

  load(layout: unknown): Commit {
    const commit = newCommit("server");
    const old = nodes(this.root);
    this.root = layout;
    this.#replace(old, nodes(layout), commit);
    return this.#done(commit);
  }

  has(id: string): boolean {
    return this.#index.has(id);
  }

  get(id: string, prop: string): unknown {
    const props = this.#index.get(id)?.props;
    return props && Object.hasOwn(props, prop) ? props[prop] : undefined;
  }

  /** The page's own change. */
  set(id: string, props: Record<string, unknown>): Commit {
    const commit = newCommit("page");
    for (const prop of Object.keys(props)) this.#change(["set", id, prop, props[prop]], commit);
    return this.#done(commit);
  }

  /** A delta's changes, in order. One that cannot be applied is a problem of the commit; the rest applies. */
  commit(changes: Iterable<Change>): Commit {
    const commit = newCommit("server");
    for (const change of changes) this.#change(change, commit);
    return this.#done(commit);
  }

  #done(commit: Commit): Commit {
    if (commit.changed.size || commit.added.size || commit.removed.size) this.reader?.(commit);
    return commit;
  }

  #change(change: Change, commit: Commit): void {
    const [kind, component, prop, arg] = change;
    const node = this.#index.get(component);
    const problem = (code: string, message: string) =>
      commit.problems.push({ code, component, prop, message });
    if (!node) {
      problem("not_on_page", "");
    } else if (FORBIDDEN.has(prop)) {
      problem("invalid_patch", prop);
    } else {
      try {
        const op = kind === "op";
        if (op && !this.apply) throw new Error("late.js");
        const value = op ? this.apply?.(this.get(component, prop), arg, prop) : arg;
        const plain = op && this.#plain.get(node)?.has(prop) && !nodes(arg[2]).length;
        this.#put(node, prop, value, plain ? NONE : nodes(value), commit);
      } catch (error) {
        problem("invalid_patch", (error as Error).message);
      }
    }
  }

  #put(node: Node, prop: string, value: unknown, fresh: readonly Node[], commit: Commit): void {
    const id = idOf(node) as string;
    const plain = ensure(this.#plain, node, () => new Set());
    const old = plain.has(prop) ? NONE : nodes(node.props[prop]);
    node.props[prop] = value;
    if (old.length || fresh.length) this.#replace(old, fresh, commit);
    if (fresh.length) plain.delete(prop);
    else plain.add(prop);
    ensure(commit.changed, id, () => new Set()).add(prop);
  }

  /** Takes out what stood in a value and is in it no more, then brings in what is new. */
  #replace(old: readonly Node[], fresh: readonly Node[], commit: Commit): void {
    const stays = new Set(fresh);
    const stood = new Set(old);
    for (const node of old) if (!stays.has(node)) this.#remove(node, commit);
    for (const node of fresh) {
      const before = stood.has(node) ? undefined : this.#register(node, commit);
      if (before) for (const kid of nodes(before)) if (!stays.has(kid)) this.#remove(kid, commit);
    }
  }

  #register(node: Node, commit: Commit): Node | undefined {
    const id = idOf(node);
    if (id === undefined) return undefined;
    const before = this.#index.get(id);
    this.#index.set(id, node);
    commit.added.add(id);
    commit.removed.delete(id);
    return before === node ? undefined : before;
  }

  #remove(node: Node, commit: Commit): void {
    const id = idOf(node);
    if (id === undefined || this.#index.get(id) !== node) return;
    this.#index.delete(id);
    commit.added.delete(id);
    commit.changed.delete(id);
    commit.removed.add(id);
  }
}

function newCommit(by: Commit["by"]): Commit {
  return { changed: new Map(), added: new Set(), removed: new Set(), problems: [], by };
}
