/** `RangeSlider`: two of the browser's ranges on one line; and `Slider`. */
import type { Adapter, Emit, Mounted } from "../adapters/adapter";
import { setAll } from "../adapters/html";
import { boundsOf, marksRow, nearest, shareOf, stepFor, stepKeys, stepOf } from "../adapters/marks";
import { slider } from "../adapters/slider";
import { h } from "../h";
import type { Props } from "../props";
import { outer } from "./outer";

type Pair = [number, number];
const FIELD = /^(?!(disabled|title|aria-(?!label$).*)$)/;

export const mount: Adapter["mount"] = (...given) => (given[1] === "Slider" ? slider : ranges)(...given);

function ranges(el: HTMLElement, _type: string, _props: Props, emit: Emit): Mounted {
  const props: Props = {};
  const line = h("div", "wscb-ranges");
  const marks = marksRow(props);
  const thumbs = ["Lowest", "Highest"].map((label) =>
    Object.assign(h("input"), { type: "range", ariaLabel: label }),
  ) as [HTMLInputElement, HTMLInputElement];
  const figures = thumbs.map(() => h("output", "wscb-figure"));
  line.append(...thumbs, ...figures);
  el.append(line, marks.el);
  el.role = "group";
  let placed = false;

  const bounds = () => boundsOf(props);
  const value = () => thumbs.map((thumb) => Number(thumb.value)).sort((a, b) => a - b) as Pair;

  /** Keeps the thumb that moves from passing the other one, or lets it push it. */
  function hold(i: 0 | 1): void {
    const { allowCross, pushable } = props;
    if (allowCross) return;
    const [min, max] = bounds();
    const way = i ? -1 : 1;
    const gap = pushable === true ? Number(props.step ?? stepFor(min, max)) : Number(pushable || 0);
    const [moved, other] = [thumbs[i], thumbs[1 - i] as HTMLInputElement];
    let at = Number(moved.value);
    if ((Number(other.value) - at) * way >= gap) return;
    if (pushable) {
      at = i ? Math.max(at, min + gap) : Math.min(at, max - gap);
      other.value = String(at + way * gap);
    } else at = Number(other.value);
    moved.value = String(at);
  }

  function showFigures(): void {
    const { template = "{value}" } = (props.tooltip ?? {}) as { template?: string };
    for (const [i, figure] of figures.entries()) {
      const at = Number(thumbs[i]?.value);
      figure.textContent = template.replace("{value}", String(at));
      figure.style.setProperty("--wscb-at", String(shareOf(props, at)));
    }
    const [low, high] = value();
    line.style.setProperty("--wscb-low", String(shareOf(props, low)));
    line.style.setProperty("--wscb-high", String(shareOf(props, high)));
  }

  for (const i of [0, 1] as const) {
    stepKeys(thumbs[i], props);
    thumbs[i].addEventListener("input", () => {
      thumbs[i].value = String(nearest(props, Number(thumbs[i].value)));
      hold(i);
      showFigures();
      emit({ drag_value: value(), ...(props.updatemode === "drag" && { value: value() }) });
    });
    thumbs[i].addEventListener("change", () => emit({ value: value() }));
  }

  return {
    set(changed) {
      outer(el, changed, { style: props.style }, "wscb-rangeslider");
      Object.assign(props, changed);
      const [min, max] = bounds();
      const at = (props.value ?? [min, max]) as Pair;
      for (const i of [0, 1] as const) {
        setAll(thumbs[i], { ...changed, min, max, step: stepOf(props) }, {}, FIELD);
        for (const [name, set] of Object.entries({ min, max, step: stepOf(props) }))
          thumbs[i].setAttribute(name, `${set}`);
        // Only values that are set move them: they may be in somebody's hand.
        if (!placed || "value" in changed) thumbs[i].value = String(at[i]);
      }
      placed = true;
      const { always_visible, placement = "top" } = (props.tooltip ?? {}) as Props;
      for (const figure of figures) {
        figure.hidden = !props.tooltip;
        figure.dataset.placement = String(placement);
        figure.toggleAttribute("data-always", !!always_visible);
      }
      marks.show();
      showFigures();
    },
    destroy: marks.stop,
  };
}
