/** `Slider`: the browser's range with marks below and, where asked for, its figure. */

import { h } from "../h";
import type { Props } from "../props";
import type { Adapter } from "./adapter";
import { setAll } from "./html";
import { boundsOf, marksRow, nearest, shareOf, stepKeys, stepOf } from "./marks";

const OURS = /^(children|id|className|style|value|marks|tooltip|updatemode|drag_value)$/;
const WRAP = /^(?!(className|style)$)/;

export const slider: Adapter["mount"] = (el, _type, _props, emit) => {
  const props: Props = {};
  const range = h("input", "wscb-range");
  const figure = h("output", "wscb-figure");
  const marks = marksRow(props);
  range.type = "range";
  el.append(range, figure, marks.el);
  let placed = false;

  const showFigure = () => {
    const { template = "{value}" } = (props.tooltip ?? {}) as { template?: string };
    figure.textContent = template.replace("{value}", range.value);
    el.style.setProperty("--wscb-at", String(shareOf(props, Number(range.value))));
  };
  stepKeys(range, props);
  range.addEventListener("input", () => {
    const value = nearest(props, Number(range.value));
    if (Number(range.value) !== value) range.value = String(value);
    showFigure();
    emit({ drag_value: value, ...(props.updatemode === "drag" && { value }) });
  });
  range.addEventListener("change", () => emit({ value: Number(range.value) }));

  return {
    set(changed) {
      setAll(el, changed, { style: props.style }, WRAP);
      Object.assign(props, changed);
      const [min, max] = boundsOf(props);
      const { always_visible, placement = "top" } = (props.tooltip ?? {}) as Props;
      el.classList.add("wscb-slider");
      setAll(range, { ...changed, min, max, step: stepOf(props) }, {}, OURS);
      // Only a value that is set moves it: it may be in somebody's hand.
      if (!placed || "value" in changed) range.value = String(props.value ?? min);
      placed = true;
      marks.show();
      figure.hidden = !props.tooltip;
      figure.dataset.placement = String(placement);
      figure.toggleAttribute("data-always", !!always_visible);
      showFigure();
    },
    destroy: marks.stop,
  };
};
