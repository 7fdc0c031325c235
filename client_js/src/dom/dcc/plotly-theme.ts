/** The colours of the page as a template of plotly's, which is what a figure falls back to. */
import type { Props } from "../props";

/** A colour that nothing is seen of, or none. */
export const CLEAR = /^(transparent|rgba\(.*, *0[.0]*\)|)$/;
const LINES = [1, 2, 3, 4, 5, 6, 7, 8];

/** What stands behind an element. */
function backdrop(el: Element): string {
  for (let up: Element | null = el; up; up = up.parentElement) {
    const { backgroundColor } = getComputedStyle(up);
    if (!CLEAR.test(backgroundColor)) return backgroundColor;
  }
  return "white";
}

function colors(el: Element) {
  const style = getComputedStyle(el);
  const of = (name: string) => style.getPropertyValue(`--wscb-${name}`).trim();
  return {
    back: backdrop(el),
    text: of("text"),
    grid: of("grid"),
    border: of("border"),
    raised: of("raised"),
    family: style.fontFamily,
    way: LINES.map((i) => of(`line-${i}`)),
  };
}

interface Template {
  data?: unknown;
  layout?: Props;
}

/** plotly.py puts its own template into each figure that names none. It is known by its colours. */
const isOwn = ({ layout }: Template) =>
  layout?.plot_bgcolor === "#E5ECF6" && layout.paper_bgcolor === "white";

/** The template for a figure with this layout: the page's colours, unless it has one that somebody chose. */
export function themed(el: Element, { template: given, title, margin }: Props): unknown {
  const template = (typeof given === "object" && given ? given : {}) as Template;
  if (template.layout && !isOwn(template)) return given;
  const { back, text, grid, border, raised, family, way } = colors(el);
  const recolored = (key: string, value: unknown) => {
    if (value === "white" || value === "#E5ECF6") return /bgcolor$/.test(key) ? back : grid;
    if (value === "#2a3f5f") return text;
    if (value === "#EBF0F8" || value === "#C8D4E3") return raised;
    return value;
  };
  const { data, layout } = JSON.parse(JSON.stringify(template, recolored)) as Template;
  const axis = {
    gridcolor: grid,
    zerolinecolor: border,
    linecolor: border,
    automargin: !margin || !!layout,
  };
  return {
    data,
    layout: {
      ...layout,
      paper_bgcolor: back,
      plot_bgcolor: back,
      colorway: way,
      margin: margin ?? { t: title ? 64 : 24, r: 24, b: 48, l: 56 },
      font: { ...(layout?.font as Props), color: text, family },
      hoverlabel: { ...(layout?.hoverlabel as Props), font: { family } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: border, activecolor: text },
      xaxis: { ...(layout?.xaxis as Props), ...axis },
      yaxis: { ...(layout?.yaxis as Props), ...axis },
    },
  };
}
