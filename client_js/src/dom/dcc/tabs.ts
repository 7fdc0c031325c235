/** `Tabs` and `Tab`, by the ARIA pattern: arrows go from tab to tab and choose, all contents stay in the page. */
import type { Emit, Mounted } from "../adapters/adapter";
import { setAll } from "../adapters/html";
import { rows } from "../adapters/options";
import { h } from "../h";
import { type Props, setStyle } from "../props";

const OUTER = /^(?!(data-.*|aria-.*)$)/;
const LOOKS = /^(?!(className|style)$)/;
const NEXT: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Of each panel the props of its Tab, and of each row how to show it anew. */
const panels = new WeakMap<Element, Props>();
const refresh = new WeakMap<Element, () => void>();
let count = 0;

export const mount = (el: HTMLElement, type: string, props: Props, emit: Emit): Mounted =>
  type === "Tabs" ? tabs(el, emit) : tab(el, { ...props });

function tab(el: HTMLElement, props: Props): Mounted {
  panels.set(el, props);
  el.role = "tabpanel";
  el.hidden = true;
  return {
    set(changed) {
      setAll(el, changed, props, OUTER);
      Object.assign(props, changed);
      if (el.parentElement) refresh.get(el.parentElement)?.();
    },
    destroy: () => panels.delete(el),
  };
}

function tabs(el: HTMLElement, emit: Emit): Mounted {
  const props: Props = {};
  const name = `wscb-tabs-${++count}`;
  const list = h("div");
  const styled = new WeakMap<Element, Props>();
  list.role = "tablist";
  el.prepend(list);

  const all = () => [...el.children].filter((panel): panel is HTMLElement => panels.has(panel));
  const tabValue = (panel: Element, i: number) => panels.get(panel)?.value ?? `tab-${i + 1}`;
  const choose = (value: unknown) => {
    if (value === props.value) return;
    props.value = value;
    show();
    emit({ value });
  };

  function showTab(button: HTMLButtonElement, panel: HTMLElement, i: number): void {
    const { label, disabled, className, style, width, ...own } = panels.get(panel) as Props;
    const chosen = tabValue(panel, i) === props.value;
    const text = String(label ?? "");
    if (button.textContent !== text) button.textContent = text;
    const names = [
      "wscb-tab",
      className,
      chosen && own.selected_className,
      disabled && own.disabled_className,
    ];
    button.className = names.filter(Boolean).join(" ");
    const look = {
      ...(width != null && { flex: `0 0 ${typeof width === "number" ? `${width}px` : width}` }),
      ...(style as Props),
      ...(chosen && (own.selected_style as Props)),
      ...(disabled ? (own.disabled_style as Props) : {}),
    };
    setStyle(button.style, look, styled.get(button));
    styled.set(button, look);
    button.disabled = !!disabled;
    button.ariaSelected = String(chosen);
    button.id = `${name}-${i}`;
    panel.id ||= `${name}-panel-${i}`;
    button.setAttribute("aria-controls", panel.id);
    setAll(panel, { className: props.content_className, style: props.content_style }, {}, LOOKS);
    panel.classList.add("wscb-panel");
    panel.setAttribute("aria-labelledby", button.id);
    panel.tabIndex = 0;
    panel.hidden = !chosen;
  }

  function show(): void {
    const here = all();
    const make = () => Object.assign(h("button"), { type: "button", role: "tab" });
    rows(list, [...here.entries()], make, (button, [i, panel]) =>
      showTab(button as HTMLButtonElement, panel, i),
    );
    const buttons = [...list.children] as HTMLButtonElement[];
    const at = buttons.find((button) => button.ariaSelected === "true" && !button.disabled);
    for (const button of buttons) {
      button.tabIndex = button === (at ?? buttons.find(({ disabled }) => !disabled)) ? 0 : -1;
    }
    list.ariaOrientation = props.vertical ? "vertical" : "horizontal";
    el.toggleAttribute("data-vertical", !!props.vertical);
    if (props.value == null && here[0]) choose(tabValue(here[0], 0));
  }
  refresh.set(el, show);

  list.addEventListener("click", ({ target }) => {
    const i = [...list.children].indexOf(target as Element);
    const panel = all()[i];
    if (panel) choose(tabValue(panel, i));
  });
  list.addEventListener("keydown", (event) => {
    const buttons = ([...list.children] as HTMLButtonElement[]).filter(({ disabled }) => !disabled);
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const { key } = event;
    const to = key === "Home" ? 0 : key === "End" ? -1 : at + (NEXT[key] ?? Number.NaN);
    const next = buttons.at(to % buttons.length);
    if (Number.isNaN(to) || !next) return;
    event.preventDefault();
    next.focus();
    next.click();
  });

  return {
    set(changed) {
      setAll(el, changed, {}, OUTER);
      setAll(list, changed, { ...props }, LOOKS);
      list.classList.add("wscb-tablist");
      const whole = { className: changed.parent_className, style: changed.parent_style };
      if ("parent_className" in changed || "parent_style" in changed)
        setAll(el, whole, { style: props.parent_style }, LOOKS);
      el.classList.add("wscb-tabs");
      Object.assign(props, changed);
      const { border, primary, background } = (props.colors ?? {}) as Props;
      setStyle(el.style, {
        "--wscb-tab-border": border,
        "--wscb-tab-primary": primary,
        "--wscb-tab-background": background,
      });
      show();
    },
  };
}
