/** `Checklist` and `RadioItems`: the browser's own boxes, a label around each. */

import { h } from "../h";
import { type Props, setStyle } from "../props";
import type { Adapter } from "./adapter";
import { setAll } from "./html";
import { type Option, optionsOf, rows } from "./options";

const OWN = /^(children|id|options|value|inline|(input|label)(ClassName|Style))$/;
let groups = 0;

export const checks: Adapter["mount"] = (el, type, _props, emit) => {
  const many = type === "Checklist";
  const group = `wscb-${++groups}`;
  const props: Props = {};
  let options: Option[] = [];
  const boxes = () => [...el.querySelectorAll("input")];
  el.setAttribute("role", many ? "group" : "radiogroup");
  el.addEventListener("change", ({ target }) => {
    const box = target as HTMLInputElement;
    const value = options[boxes().indexOf(box)]?.value;
    const others = many && ((props.value ?? []) as unknown[]).filter((v) => v !== value);
    emit({ value: (props.value = others ? (box.checked ? [...others, value] : others) : value) });
  });

  const make = () => {
    const label = h("label");
    const box = label.appendChild(h("input"));
    box.type = many ? "checkbox" : "radio";
    box.name = group;
    label.append(h("span"));
    return label;
  };
  const show = (label: Element, { label: text, value, disabled = false, title = "" }: Option) => {
    const [box, span] = [...label.children] as [HTMLInputElement, HTMLElement];
    label.className = `wscb-check ${props.labelClassName ?? ""}`;
    (label as HTMLElement).title = title;
    setStyle((label as HTMLElement).style, props.labelStyle);
    box.className = String(props.inputClassName ?? "");
    setStyle(box.style, props.inputStyle);
    box.disabled = disabled;
    box.checked = many ? ((props.value ?? []) as unknown[]).includes(value) : props.value === value;
    if (span.textContent !== text) span.textContent = text;
  };
  return {
    set(changed) {
      setAll(el, changed, props, OWN);
      options = optionsOf(props.options);
      el.classList.add("wscb-checks");
      el.toggleAttribute("data-inline", !!props.inline);
      rows(el, options, make, show);
    },
  };
};
