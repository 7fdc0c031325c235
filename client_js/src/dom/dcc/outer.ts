/** What components have in common that are made of several elements. */
import { setAll } from "../adapters/html";
import type { Props } from "../props";

const OUTER = /^(?!(className|style|title|data-.*|aria-.*)$)/;
const LOOKS = /^(?!(className|style|data-.*)$)/;
const LABELS = /^(?!(title|aria-.*)$)/;

/** Sets class, style, title, `data-*` and `aria-*`. */
export function outer(el: Element, changed: Props, shown: Props, name: string): void {
  setAll(el, changed, shown, OUTER);
  el.classList.add(name);
}

/** The same, where title and `aria-*` are for the field that the component is about. */
export function around(el: Element, field: Element, changed: Props, shown: Props, name: string): void {
  setAll(field, changed, { ...shown }, LABELS);
  setAll(el, changed, shown, LOOKS);
  el.classList.add(name);
}

/** Makes an element, which is no button as it may hold anything, one for keys and for screen readers. */
export function pressable(el: HTMLElement, press: () => void): void {
  el.addEventListener("keydown", (event) => {
    if (event.target !== el || !/^(Enter| )$/.test(event.key)) return;
    event.preventDefault();
    press();
  });
}
