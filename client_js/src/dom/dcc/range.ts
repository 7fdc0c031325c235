/** `RangeSlider`: two of the browser's ranges on one line. */
import type { Emit, Mounted } from "../adapters/adapter";
import { setAll } from "../adapters/html";
import { rows } from "../adapters/options";
import { stepFor } from "../adapters/slider";
import { h } from "../h";
import { type Props, setStyle } from "../props";
import { outer } from "./outer";

type Pair = [number, number];
const FIELD = /^(?!(disabled|title|aria-(?!label$).*)$)/;

export function mount(el: HTMLElement, _type: string, _props: Props, emit: Emit): Mounted {
  const props: Props = {};
  const line = h("div", "wscb-ranges");
  const marks = h("div", "wscb-marks");
  const thumbs = ["Lowest", "Highest"].map((label) =>
    Object.assign(h("input"), { type: "range", ariaLabel: label }),
  ) as [HTMLInputElement, HTMLInputElement];
  const figures = thumbs.map(() => h("output", "wscb-figure"));
  line.append(...thumbs, ...figures);
  el.append(line, marks);
  el.role = "group";
  let placed = false;

  const bounds = () => [Number(props.min ?? 0), Number(props.max ?? 100)] as const;
  const step = () => Number(props.step ?? stepFor(...bounds()));
  const share = (value: number) => {
    const [min, max] = bounds();
    return (value - min) / (max - min || 1);
  };
  const value = () => thumbs.map((thumb) => Number(thumb.value)).sort((a, b) => a - b) as Pair;

  /** Keeps the thumb that moves from passing the other one, or lets it push it. */
  function hold(i: 0 | 1): void {
    const { allowCross, pushable } = props;
    if (allowCross) return;
    const [min, max] = bounds();
    const way = i ? -1 : 1;
    const gap = pushable === true ? step() : Number(pushable || 0);
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
      figure.style.setProperty("--wscb-at", String(share(at)));
    }
    const [low, high] = value();
    line.style.setProperty("--wscb-low", String(share(low)));
    line.style.setProperty("--wscb-high", String(share(high)));
  }

  for (const i of [0, 1] as const) {
    thumbs[i].addEventListener("input", () => {
      hold(i);
      showFigures();
      emit({ drag_value: value(), ...(props.updatemode === "drag" && { value: value() }) });
    });
    thumbs[i].addEventListener("change", () => emit({ value: value() }));
  }

  function showMarks(): void {
    const entries = Object.entries((props.marks ?? {}) as Props);
    rows(
      marks,
      entries,
      () => h("span"),
      (mark, [at, label]) => {
        const { label: text = label, style } = (typeof label === "object" ? label : {}) as Props;
        mark.textContent = String(text);
        setStyle((mark as HTMLElement).style, { ...(style as Props), left: `${share(Number(at)) * 100}%` });
      },
    );
  }

  return {
    set(changed) {
      outer(el, changed, { style: props.style }, "wscb-rangeslider");
      Object.assign(props, changed);
      const [min, max] = bounds();
      const at = (props.value ?? [min, max]) as Pair;
      for (const i of [0, 1] as const) {
        setAll(thumbs[i], { ...changed, min, max, step: step() }, {}, FIELD);
        for (const [name, set] of Object.entries({ min, max, step: step() }))
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
      showMarks();
      showFigures();
    },
  };
}
