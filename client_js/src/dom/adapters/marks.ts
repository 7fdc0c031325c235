/** What `Slider` and `RangeSlider` have in common: the scale, the marks below it, and the values that have marks. */

import { h } from "../h";
import { type Props, setStyle } from "../props";
import { rows } from "./options";

/** px: a character of a label at the most, and what lies between two labels at the least. */
const CHARACTER = 7.5;
const GAP = 18;
/** px that a line has whose width is not known yet. */
const WIDTH = 400;
const MULTIPLES = [1, 2, 5, 10, 20, 25, 50];
const BIG = 1e5;

/** What is not set is the lowest or the highest mark, and without marks 0 or 1, as in Dash. */
export function boundsOf({ min, max, marks }: Props) {
  const marked = Object.keys((marks as Props) ?? {}).map(Number);
  const from = Number(min ?? (marked.length ? Math.min(...marked) : 0));
  const top = Math.max(...marked);
  return [from, Number(max ?? (top > from ? top : Math.max(1, from + 1)))] as const;
}

/** The step where none was given: 1 from a whole number to another, else about a hundred of them, in a power of ten. */
export function stepFor(min: number, max: number): number {
  const whole = Number.isInteger(min) && Number.isInteger(max) && max - min > 1;
  return whole ? 1 : Math.min(1, 10 ** (Math.floor(Math.log10(max - min)) - 2));
}

/** Where a value stands on the line, from 0 to 1. */
export function shareOf(props: Props, value: number): number {
  const [min, max] = boundsOf(props);
  return (value - min) / (max - min || 1);
}

/** The attribute `step`; with a step of null only the marks count, and between them the browser has none. */
export const stepOf = (props: Props) =>
  props.step === null ? "any" : (props.step ?? stepFor(...boundsOf(props)));

/** The values that have marks, where only they can be chosen. */
function stops(props: Props): number[] {
  const [min, max] = boundsOf(props);
  const marked = Object.keys((props.step === null && (props.marks as Props)) || {}).map(Number);
  return marked.filter((at) => at >= min && at <= max).sort((a, b) => a - b);
}

/** The value that can be chosen and is nearest. */
export function nearest(props: Props, value: number): number {
  const all = stops(props);
  return all.reduce(
    (best, at) => (Math.abs(at - value) < Math.abs(best - value) ? at : best),
    all[0] ?? value,
  );
}

const STEPS: Record<string, number> = {
  ArrowRight: 1,
  ArrowUp: 1,
  PageUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageDown: -1,
};

/** Keys go from mark to mark, where only those can be chosen. */
export function stepKeys(range: HTMLInputElement, props: Props): void {
  range.addEventListener("keydown", (event) => {
    const way = STEPS[event.key];
    const all = stops(props);
    if (!way || !all.length || range.disabled) return;
    event.preventDefault();
    const now = Number(range.value);
    const next = way > 0 ? all.find((at) => at > now) : all.findLast((at) => at < now);
    if (next === undefined) return;
    range.value = String(next);
    for (const type of ["input", "change"]) range.dispatchEvent(new Event(type, { bubbles: true }));
  });
}

const round = (value: number) => Number(value.toPrecision(12));
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 3 });
const labelOf = (value: number) => (Math.abs(value) < BIG ? String(value) : short.format(value));

/** As many numbers of the scale as have room side by side on a line of so many px, both ends among them. */
export function automatic(props: Props, width: number): [string, string][] {
  const [min, max] = boundsOf(props);
  const unit = Number(props.step ?? stepFor(min, max));
  if (!(max > min && unit > 0)) return [];
  const need = (value: number) => (labelOf(value).length * CHARACTER) / 2;
  const apart = (a: number, b: number) => ((b - a) / (max - min)) * width >= need(a) + need(b) + GAP;
  for (let power = 1; power * unit <= max - min; power *= 100) {
    for (const multiple of MULTIPLES) {
      const by = unit * multiple * power;
      const count = Math.ceil(round((max - min) / by));
      if (((by / (max - min)) * width) / GAP < 1) continue;
      const at = Array.from({ length: count }, (_, i) => round(min + i * by));
      if (!at.every((value, i) => !i || apart(at[i - 1] as number, value))) continue;
      while (at.length > 1 && !apart(at.at(-1) as number, max)) at.pop();
      return [...at, max].map((value) => [String(value), labelOf(value)]);
    }
  }
  return [min, max].map((value) => [String(value), labelOf(value)]);
}

/** The row of marks: those of the prop; none where it is null, and the scale's own where it is not set. */
export function marksRow(props: Props) {
  const el = h("div", "wscb-marks");
  const show = () => {
    const own = props.marks === undefined;
    const [min, max] = boundsOf(props);
    el.toggleAttribute("data-auto", own);
    const given = own
      ? automatic(props, el.clientWidth || WIDTH)
      : Object.entries((props.marks ?? {}) as Props).filter(([at]) => +at >= min && +at <= max);
    rows(
      el,
      given as [string, unknown][],
      () => h("span"),
      (mark, [at, label]) => {
        const { label: text = label, style } = (typeof label === "object" ? label : {}) as Props;
        if (mark.textContent !== String(text)) mark.textContent = String(text);
        setStyle((mark as HTMLElement).style, {
          ...(style as Props),
          left: `${shareOf(props, Number(at)) * 100}%`,
        });
      },
    );
  };
  let width = 0;
  const watch =
    typeof ResizeObserver === "function"
      ? new ResizeObserver(() => {
          if (props.marks !== undefined || el.clientWidth === width) return;
          width = el.clientWidth;
          show();
        })
      : undefined;
  watch?.observe(el);
  return { el, show, stop: () => watch?.disconnect() };
}
