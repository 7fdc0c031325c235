/** A page for tests: a store, its DOM, and what the page has emitted. */
import { vi } from "vitest";
import { mountPage, type PageOptions } from "../../src/dom/page";
import * as late from "../../src/late";
import { apply } from "../../src/patch";
import { Store } from "../../src/store";
import type { Node, PageData, Problem } from "../../src/types";

type Props = Record<string, unknown>;

export const html = (type: string, props: Props = {}): Node => ({ type, namespace: "wscb_html", props });
export const dcc = (type: string, props: Props = {}): Node => ({ type, namespace: "wscb_dcc", props });

export function pageOf(
  layout: unknown,
  { page: data, ...options }: Partial<Omit<PageOptions, "page">> & { page?: Partial<PageData> } = {},
) {
  document.body.innerHTML = "";
  const root = document.body.appendChild(document.createElement("div"));
  root.id = "wscb-root";
  const store = new Store();
  store.apply = apply;
  store.load(layout);
  const emitted: [string, Props][] = [];
  const problems: Problem[] = [];
  const page = mountPage({
    root,
    store,
    emit(id, props) {
      emitted.push([id, props]);
      store.set(id, props);
    },
    load: (file) => (file === "late.js" ? Promise.resolve(late) : Promise.reject(new Error(file))),
    page: { base: "/", ...data } as PageData,
    problem: (problem) => problems.push(problem),
    ...options,
  });
  const get = <T extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as T;
  /** Applies sets as a delta does, and lets the frame come. */
  const set = async (id: string, props: Props) => {
    store.commit(Object.entries(props).map(([prop, value]) => ["set", id, prop, value] as const));
    await page.painted();
  };
  return { root, store, page, emitted, problems, get, set };
}

/** Types into a field as a person does: the focus, the text, an `input` event. */
export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function press(el: Element, key: string): void {
  el.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}

export function hide(hidden: boolean): void {
  vi.spyOn(document, "hidden", "get").mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}
