/**
 * From the tree of components to the DOM.
 *
 * A view ties a component to its element. When `children` change, views are matched by id (or `key`), then by position
 * among their own kind, and what matched keeps its element and with it focus, selection, caret, scroll and state. What
 * has to change place is moved as little as possible: the longest run that is already in order stays where it is.
 */
import { idOf, json } from "../store";
import { type Node as Component, ensure, isNode, type Problem } from "../types";
import { adapterOf, type Mounted } from "./adapters/adapter";
import type { Props, Refused } from "./props";

export interface View {
  el: Element | Text;
  kind: string;
  id?: string | undefined;
  node?: Component;
  mounted?: Mounted;
  /** The props as they are shown; the store's are live and run ahead until the next frame. */
  shown: Props;
  kids: View[];
}

/** What children are rendered: components and texts, nested lists laid flat, nothing for null, NaN and booleans. */
function items(children: unknown): (Component | string)[] {
  if (Array.isArray(children)) return children.flatMap(items);
  // biome-ignore lint/suspicious/noSelfCompare: NaN alone is not itself
  if (children == null || children !== children || children === !!children) return [];
  return [isNode(children) ? children : typeof children === "object" ? json(children) : String(children)];
}

function kindOf(item: Component | string): string {
  if (typeof item === "string") return "";
  const key = idOf(item) ?? item.props.key;
  return `${item.namespace}/${item.type}${key == null ? "" : `#${key}`}`;
}

/**
 * Elements that no component is: made by hand, a script runs when it is put into the page. Whatever an adapter makes of
 * a type, which comes with the data, is held to it.
 */
const HARMFUL = /^(script|style|html|head|body)$|[^\w.-]/;

type Movable = Element & { moveBefore?(node: globalThis.Node, before: globalThis.Node | null): void };

/** Which of the places may stay as they are; the others are moved. */
export type Order = (places: number[]) => Set<number>;

/** Puts the elements of `views` into `slot` in their order. */
function place(slot: Movable, views: View[], order?: Order): void {
  const places = new Map([...slot.childNodes].map((node, i) => [node as globalThis.Node, i]));
  const stays = order?.(views.map((view) => places.get(view.el) ?? -1));
  let next: globalThis.Node | null = null;
  for (let i = views.length - 1; i >= 0; i--) {
    const { el } = views[i] as View;
    if (stays ? !stays.has(i) : !places.has(el) || el.nextSibling !== next) {
      // Unlike insertBefore, moveBefore keeps focus, scroll, frames and animations of what it moves.
      if (slot.moveBefore && slot.isConnected && places.has(el)) slot.moveBefore(el, next);
      else slot.insertBefore(el, next);
    }
    next = el;
  }
}

export class Renderer {
  /** Views of the components that have an id. */
  readonly views = new Map<string, View>();
  /** Comes late: without it more may be moved than must be. */
  order: Order | undefined;
  readonly #byElement = new WeakMap<Element, View>();
  #kids: View[] = [];

  readonly #root: Element;
  readonly #emit: (id: string, props: Props) => void;
  readonly #report: (problem: Problem) => void;

  constructor(root: Element, emit: (id: string, props: Props) => void, report: (problem: Problem) => void) {
    this.#root = root;
    this.#emit = emit;
    this.#report = report;
  }

  render(tree: unknown): void {
    this.#kids = this.#reconcile(this.#root, this.#kids, tree);
  }

  /** The view whose element this is. */
  at(el: Element): View | undefined {
    return this.#byElement.get(el);
  }

  /** Shows what differs from what is shown, and `names` in any case (a list may have been changed in place). */
  update(view: View, names?: Set<string>): void {
    const { node, mounted, shown } = view;
    if (!node || !mounted) return;
    const changed: Props = {};
    for (const name of Object.keys({ ...shown, ...node.props })) {
      if (name !== "id" && (names?.has(name) || shown[name] !== node.props[name]))
        changed[name] = node.props[name];
    }
    view.shown = { ...node.props };
    this.#show(view, changed);
  }

  destroy(view: View): void {
    for (const kid of view.kids) this.destroy(kid);
    view.mounted?.destroy?.();
    delete view.mounted;
    if (view.id !== undefined && this.views.get(view.id) === view) this.views.delete(view.id);
  }

  #show(view: View, changed: Props): void {
    const { mounted, id } = view;
    // What fails here fails alone: the rest of the frame is drawn.
    try {
      if ("children" in changed && mounted?.slot) {
        view.kids = this.#reconcile(mounted.slot, view.kids, changed.children);
      }
      if (Object.keys(changed).length) mounted?.set(changed);
    } catch (error) {
      this.#fail(error as Refused, id);
    }
  }

  #fail({ message, prop = "" }: Error & { prop?: string }, component = ""): void {
    this.#report({ code: prop ? "refused_prop" : "component_failed", component, prop, message });
  }

  #reconcile(slot: Element, old: View[], children: unknown): View[] {
    const free = new Map<string, View[]>();
    for (const view of old) ensure(free, view.kind, () => []).push(view);
    const views = items(children).map((item) => {
      const view = free.get(kindOf(item))?.shift();
      if (!view) return this.#mount(item, slot);
      this.#adopt(view, item);
      return view;
    });
    for (const view of [...free.values()].flat()) {
      this.destroy(view);
      view.el.remove();
    }
    place(slot, views, this.order);
    return views;
  }

  /** Lets a view show `item`, which may be another object than before. */
  #adopt(view: View, item: Component | string): void {
    if (typeof item === "string") {
      if ((view.el as Text).data !== item) (view.el as Text).data = item;
      return;
    }
    const { shown, el } = view;
    // What the visitor is typing, or has opened, is not undone by a parent that was rendered anew.
    if (view.node !== item) {
      if (shown.open != null && item.props.open == null) item.props.open = shown.open;
      if (shown.value != null && el === document.activeElement && isEditable(el))
        item.props.value = shown.value;
    }
    view.node = item;
    this.update(view);
  }

  #mount(item: Component | string, slot: Element): View {
    if (typeof item === "string") return { el: document.createTextNode(item), kind: "", shown: {}, kids: [] };
    const { type, namespace, props } = item;
    const view: View = {
      el: slot,
      kind: kindOf(item),
      id: idOf(item),
      node: item,
      shown: { ...props },
      kids: [],
    };
    const emit = (changed: Props) => {
      if (view.id !== undefined && this.views.get(view.id) === view) this.#emit(view.id, changed);
    };
    try {
      const adapter = adapterOf(namespace, type);
      const tag = adapter?.tag(type, props).toLowerCase() as string;
      if (!adapter || HARMFUL.test(tag)) throw new Error(`${type} cannot be shown`);
      const el = document.createElement(tag);
      view.el = el;
      view.mounted = adapter.mount(el, type, props, emit, (error) => this.#fail(error, view.id));
      view.mounted.ready?.then(() => this.#show(view, view.shown));
      this.#byElement.set(el, view);
    } catch (error) {
      view.el = document.createElement("wscb-broken");
      this.#fail(error as Refused, view.id);
    }
    if (view.id !== undefined) {
      this.views.set(view.id, view);
      (view.el as Element).id = view.id;
    }
    const { id: _, ...rest } = props;
    this.#show(view, rest);
    return view;
  }
}

/** True for an element that takes text: a field, an editable element, a custom element with a value. */
export function isEditable(el: Element): boolean {
  return (
    /^(input|textarea|select)$/.test(el.localName) ||
    (el as HTMLElement).isContentEditable ||
    (el.localName.includes("-") && "value" in el)
  );
}
