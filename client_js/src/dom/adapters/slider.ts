/** `Slider`: the browser's range with marks below and, where asked for, its figure. */

import { h } from "../h";
import { type Props, setStyle } from "../props";
import type { Adapter } from "./adapter";
import { setAll } from "./html";
import { rows } from "./options";

const OURS = /^(children|id|className|style|value|marks|tooltip|updatemode|drag_value)$/;
const WRAP = /^(?!(className|style)$)/;

/** The step for a range where none was given: about a hundred of them, in a power of ten. */
export function stepFor(min: number, max: number): number {
  return Math.min(1, 10 ** (Math.floor(Math.log10(max - min)) - 2));
}

export const slider: Adapter["mount"] = (el, _type, _props, emit) => {
  const range = h("input", "wscb-range");
  const figure = h("output", "wscb-figure");
  const marks = h("div", "wscb-marks");
  range.type = "range";
  el.append(range, figure, marks);
  const props: Props = {};
  let placed = false;
  const bounds = () => [Number(props.min ?? 0), Number(props.max ?? 100)] as const;
  const share = (value: number) => {
    const [min, max] = bounds();
    return (value - min) / (max - min || 1);
  };

  const showFigure = () => {
    const { template = "{value}" } = (props.tooltip ?? {}) as { template?: string };
    figure.textContent = template.replace("{value}", range.value);
    el.style.setProperty("--wscb-at", String(share(Number(range.value))));
  };
  range.addEventListener("input", () => {
    const value = Number(range.value);
    showFigure();
    emit({ drag_value: value, ...(props.updatemode === "drag" && { value }) });
  });
  range.addEventListener("change", () => emit({ value: Number(range.value) }));

  return {
    set(changed) {
      setAll(el, changed, { style: props.style }, WRAP);
      Object.assign(props, changed);
      const [min, max] = bounds();
      const { marks: labels, tooltip } = props as { marks?: Props; tooltip?: Props };
      el.classList.add("wscb-slider");
      setAll(range, { ...changed, min, max, step: props.step ?? stepFor(min, max) }, {}, OURS);
      // Only a value that is set moves it: it may be in somebody's hand.
      if (!placed || "value" in changed) range.value = String(props.value ?? min);
      placed = true;
      rows(
        marks,
        Object.entries(labels ?? {}),
        () => h("span"),
        (mark, [at, label]) => {
          const { label: text = label, style } = (typeof label === "object" ? label : {}) as Props;
          mark.textContent = String(text);
          setStyle((mark as HTMLElement).style, {
            ...(style as Props),
            left: `${share(Number(at)) * 100}%`,
          });
        },
      );
      const { always_visible, placement = "top" } = tooltip ?? {};
      figure.hidden = !tooltip;
      figure.dataset.placement = String(placement);
      figure.toggleAttribute("data-always", !!always_visible);
      showFigure();
    },
  };
};
