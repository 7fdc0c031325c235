/**
 * `Dropdown`: the browser's select for one plain choice; for several, or with a search, a combobox with a list, by the
 * ARIA pattern: the focus stays on the field, arrows move through the list, Enter chooses, Escape closes.
 */

import { h } from "../h";
import type { Props } from "../props";
import type { Adapter, Emit, Mounted } from "./adapter";
import { setAll } from "./html";
import { type Option, optionsOf, rows } from "./options";

const OWN = /^(children|id|options|value|multi|clearable|searchable|search_value|placeholder)$/;
let lists = 0;

const prompt = (props: Props) => String(props.placeholder ?? "Select...");

export const dropdown: Adapter["mount"] = (el, _type, _props, emit) =>
  el.localName === "select" ? single(el as HTMLSelectElement, emit) : combobox(el, emit);

/** Options are told by their place, so that a number stays a number. The first entry is no choice. */
function single(select: HTMLSelectElement, emit: Emit): Mounted {
  const props: Props = {};
  let options: Option[] = [];
  select.addEventListener("change", () => emit({ value: options[select.selectedIndex - 1]?.value ?? null }));
  return {
    set(changed) {
      setAll(select, changed, props, OWN);
      select.classList.add("wscb-select");
      options = optionsOf(props.options);
      const none = { label: prompt(props), value: null, disabled: props.clearable === false };
      rows<Option>(
        select,
        [none, ...options],
        () => h("option"),
        (el, { label, disabled = false, title = "" }) => {
          const option = el as HTMLOptionElement;
          if (option.text !== label) option.text = label;
          option.disabled = disabled;
          option.title = title;
        },
      );
      const chosen = options.findIndex((option) => option.value === props.value) + 1;
      if (select.selectedIndex !== chosen) select.selectedIndex = chosen;
    },
  };
}

function combobox(el: HTMLElement, emit: Emit): Mounted {
  const props: Props = {};
  const id = `wscb-list-${++lists}`;
  const field = el.appendChild(h("input", "wscb-field"));
  const clear = el.appendChild(h("button", "wscb-clear", "×"));
  const list = el.appendChild(h("ul", "wscb-list"));
  let options: Option[] = [];
  let shown: Option[] = [];
  /** The labels of all options that there were: what is chosen may not be among those that a search has brought. */
  const labels = new Map<unknown, string>();
  let told = "";
  let at = 0;
  list.id = id;
  list.role = "listbox";
  list.hidden = true;
  clear.type = "button";
  clear.ariaLabel = "Clear";
  field.role = "combobox";
  field.autocomplete = "off";
  field.setAttribute("aria-controls", id);

  const chosen = () => (props.multi ? ((props.value ?? []) as unknown[]) : [props.value]);
  const label = () =>
    chosen()
      .filter((value) => labels.has(value))
      .map((value) => labels.get(value))
      .join(", ");
  const tell = (value: unknown) => emit({ value: (props.value = value) });
  const tellSearch = (text: string) => {
    if (text !== told) emit({ search_value: (told = text) || null });
  };

  function show(open = !list.hidden): void {
    const wanted = props.searchable && open ? field.value.trim().toLowerCase() : "";
    shown = options.filter((option) => option.label.toLowerCase().includes(wanted));
    at = Math.max(0, Math.min(at, shown.length - 1));
    list.hidden = !open;
    field.ariaExpanded = String(open);
    field.readOnly = !props.searchable;
    if (!open || !props.searchable) field.value = label();
    if (!open) tellSearch("");
    field.placeholder = (open && label()) || prompt(props);
    clear.hidden = props.clearable === false || !!props.disabled || !label();
    const make = () => Object.assign(h("li"), { role: "option" });
    if (open)
      rows(list, shown, make, (li, { label, value, disabled, title = "" }) => {
        const i = shown.findIndex((option) => option.value === value);
        if (li.textContent !== label) li.textContent = label;
        li.id = `${id}-${i}`;
        (li as HTMLElement).title = title;
        li.ariaSelected = String(chosen().includes(value));
        li.ariaDisabled = String(!!disabled);
        li.toggleAttribute("data-at", i === at);
        if (i === at) li.scrollIntoView?.({ block: "nearest" });
      });
    if (open && shown.length) field.setAttribute("aria-activedescendant", `${id}-${at}`);
    else field.removeAttribute("aria-activedescendant");
  }
  function open(): void {
    if (!list.hidden || props.disabled) return;
    if (props.searchable) field.value = "";
    at = Math.max(
      0,
      options.findIndex(({ value }) => chosen().includes(value)),
    );
    show(true);
  }
  function step(by: number): void {
    if (list.hidden) open();
    else {
      at += by;
      show();
    }
  }
  function choose(option = shown[at]): void {
    if (!option || option.disabled) return;
    const { value } = option;
    if (props.multi) {
      const others = chosen().filter((v) => v !== value);
      if (others.length === chosen().length) others.push(value);
      if (others.length || props.clearable !== false) tell(others);
    } else tell(value);
    show(!!props.multi);
  }

  const keys: Record<string, () => void> = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Enter: () => (list.hidden ? open() : choose()),
    Escape: () => show(false),
  };
  field.addEventListener("keydown", (event) => {
    const act = event.key === " " && !props.searchable ? keys.Enter : keys[event.key];
    if (!act || event.isComposing || (event.key === "Escape" && list.hidden)) return;
    event.preventDefault();
    act();
  });
  field.addEventListener("click", () => (list.hidden || props.searchable ? open() : show(false)));
  field.addEventListener("input", () => {
    list.hidden = false;
    at = 0;
    show();
    tellSearch(field.value);
  });
  field.addEventListener("blur", () => show(false));
  // The focus stays on the field while the list is clicked.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", ({ target }) =>
    choose(shown[[...list.children].indexOf(target as Element)]),
  );
  clear.addEventListener("click", () => {
    tell(props.multi ? [] : null);
    show();
  });

  return {
    set(changed) {
      const { className, style, ...inner } = changed;
      setAll(
        el,
        { ...("className" in changed && { className }), ...("style" in changed && { style }) },
        props,
      );
      setAll(field, inner, props, OWN);
      el.classList.add("wscb-dropdown");
      options = optionsOf(props.options);
      for (const option of options) labels.set(option.value, option.label);
      list.ariaMultiSelectable = String(!!props.multi);
      show();
    },
  };
}
