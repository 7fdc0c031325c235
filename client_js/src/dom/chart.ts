/**
 * `Chart`, on uPlot, in a module of its own. A live chart moves its time axis every frame while it can be seen, and
 * draws once a frame: what changed in between (data, size, colours) is taken up by the next one.
 */
import uPlot from "uplot";
import type { Mounted } from "./adapters/adapter";
import { setAll } from "./adapters/html";
import {
  apartOf,
  CLOCK,
  type Column,
  clockTime,
  columnsOf,
  Edge,
  figure,
  indexAt,
  thin,
  whole,
} from "./chart-data";
import { drawLine } from "./chart-line";
import { watchTheme } from "./chart-theme";
import { h } from "./h";
import type { Props } from "./props";

interface Series {
  key: string;
  label?: string;
  color?: string;
  scale?: string;
  fill?: string | boolean;
  width?: number;
  dash?: number[];
}

interface Scale {
  label?: string;
  unit?: string;
  range?: [number | null, number | null];
  side?: "left" | "right";
}

/** The element of a chart counts its drawings and its frames, for those who test that these are one. */
export interface ChartElement extends HTMLElement {
  wscbDraws: number;
  wscbFrames: number;
}

/** Props that are not attributes of its element. */
const OWN = /^(children|id|data|series|scales|time|window|live|height|legend|title)$/;

/** ms between two drawings of a live chart for those who want less motion. */
const CALM = 1000;
/** ms between two texts of the legend: figures that change faster are not read. */
const LEGEND = 200;

/** Resolves when the styles are there, or are not to be had. */
await new Promise((done) => {
  const link = Object.assign(h("link"), {
    rel: "stylesheet",
    href: new URL("chart.css", import.meta.url).href,
  });
  link.onload = link.onerror = done;
  document.head.append(link);
});

export function mount(el: HTMLElement, _type: string, _props: Props, _emit: unknown): Mounted {
  const chart = new Chart(el as ChartElement);
  return {
    set: (changed) => chart.set(changed),
    destroy: () => chart.destroy(),
  };
}

class Chart {
  readonly props: Props = {};
  private readonly plot = h("div", "wscb-plot");
  private readonly legend = h("div", "wscb-legend");
  private readonly heading = h("div", "wscb-chart-title");
  private readonly probe = h("i");
  private readonly stop = new AbortController();
  private readonly sizes = new ResizeObserver(() => this.dirty());
  private readonly sight = new IntersectionObserver((seen) => this.see(seen.at(-1)?.isIntersecting ?? true));
  private readonly calm = matchMedia("(prefers-reduced-motion: reduce)");
  private uplot: uPlot | undefined;
  private series: Series[] = [];
  private columns: Column[] = [];
  private colors:
    | { axis: string; grid: string; lines: string[]; fills: (string | null)[]; font: string }
    | undefined;
  private shape = "";
  private edge = new Edge();
  private thinned = 0;
  private fresh = true;
  private changed = true;
  private seen = true;
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When it was last drawn, and when its figures were last written, ms. */
  private drawn = 0;
  private written = 0;
  private readonly hidden = new Set<string>();

  constructor(private readonly el: ChartElement) {
    const { signal } = this.stop;
    el.wscbDraws = 0;
    el.wscbFrames = 0;
    el.append(this.heading, this.plot, this.legend, this.probe);
    this.probe.hidden = true;
    this.plot.role = "img";
    this.sizes.observe(this.plot);
    this.sight.observe(el);
    watchTheme(el, signal, () => this.recolor());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolor(), { signal });
    const hurry = () => {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.dirty();
    };
    this.calm.addEventListener("change", hurry, { signal });
  }

  set(changed: Props): void {
    setAll(this.el, changed, { style: this.props.style }, OWN);
    Object.assign(this.props, changed);
    this.el.classList.add("wscb-chart");
    const { data, series, scales, time, title, legend, height, live, window: span } = this.props;
    this.series =
      (series as Series[] | null) ?? Object.keys(data ?? {}).flatMap((key) => (key === "x" ? [] : [{ key }]));
    this.heading.textContent = String(title ?? "");
    this.heading.hidden = !title;
    this.legend.hidden = legend === false;
    if ("data" in changed || "series" in changed) {
      this.columns = columnsOf(
        data,
        this.series.map(({ key }) => key),
      );
      const [x = []] = this.columns;
      if (x.length) this.edge.arrived(x[x.length - 1] as number, performance.now() / 1000);
      this.fresh = true;
    }
    const shape = JSON.stringify([this.series, scales, time, height, !!live, !!span]);
    if (shape !== this.shape) {
      this.shape = shape;
      this.recolor();
      this.uplot?.destroy();
      this.uplot = undefined;
    }
    this.dirty();
  }

  destroy(): void {
    this.stop.abort();
    for (const watcher of [this.sizes, this.sight]) watcher.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    this.uplot?.destroy();
  }

  private see(seen: boolean): void {
    this.seen = seen;
    if (seen) this.dirty();
  }

  private dirty(): void {
    this.changed = true;
    this.next();
  }

  private next(): void {
    if (this.frame || this.timer || !this.seen || this.stop.signal.aborted) return;
    const rest = this.props.live && this.calm.matches ? this.drawn + CALM - performance.now() : 0;
    if (rest > 0) this.timer = setTimeout(() => this.ask(), rest);
    else this.ask();
  }

  private ask(): void {
    this.timer = undefined;
    this.frame = requestAnimationFrame(() => this.tick());
  }

  private tick(): void {
    this.frame = 0;
    this.el.wscbFrames++;
    const { live } = this.props;
    this.drawn = performance.now();
    if (this.changed || live) this.draw();
    if (live) this.next();
  }

  private draw(): void {
    const width = this.plot.clientWidth;
    const height = Number(this.props.height ?? 240);
    if (!width) return;
    this.changed = false;
    const [x = []] = this.columns;
    const span = this.props.window as number | undefined;
    const now = this.props.time === false ? 0 : Date.now() / 1000;
    const last = x.length ? (x[x.length - 1] as number) : now;
    const max = (this.props.live ? this.edge.at(performance.now() / 1000) : undefined) ?? last;
    const min = span ? max - span : ((x[0] as number) ?? now - 60);

    // The least and the greatest of two pixels.
    const size = (2 * (max - min)) / width;
    const crowded = x.length > 3 * width && size > 0;
    // A bucket keeps its size while the axis slides; a new one is chosen only where the scale really changed.
    if (crowded !== !!this.thinned || Math.abs(size - this.thinned) > 0.1 * size) {
      this.thinned = crowded ? size : 0;
      this.fresh = true;
    }
    const u = (this.uplot ??= this.build(width, height));
    u.batch(() => {
      if (u.width !== width || u.height !== height) u.setSize({ width, height });
      if (this.fresh) u.setData(this.drawable() as uPlot.AlignedData, false);
      u.setScale("x", { min, max: max > min ? max : min + 1 });
    });
    this.fresh = false;
    this.write(performance.now());
  }

  private drawable(): Column[] {
    return this.thinned ? thin(this.columns, this.thinned) : this.columns;
  }

  /** Reads the colours from the style sheets; canvases do not know of custom properties. */
  private recolor(): void {
    const style = getComputedStyle(this.el);
    const resolve = (color: string) => {
      this.probe.style.color = "";
      this.probe.style.color = color;
      return getComputedStyle(this.probe).color;
    };
    const lines = this.series.map(({ color }, i) => resolve(color ?? `var(--wscb-line-${(i % 8) + 1})`));
    this.colors = {
      axis: resolve("var(--wscb-muted)"),
      grid: resolve("var(--wscb-grid)"),
      lines,
      fills: this.series.map(({ fill }, i) => {
        if (!fill) return null;
        return resolve(fill === true ? `color-mix(in srgb, ${lines[i]} 14%, transparent)` : fill);
      }),
      font: `11px ${style.fontFamily || "system-ui"}`,
    };
    this.keys();
    this.uplot?.redraw(true);
  }

  private build(width: number, height: number): uPlot {
    const { scales = {}, time } = this.props as { scales?: Record<string, Scale>; time?: boolean };
    const used = [...new Set(this.series.map(({ scale }) => scale ?? "y"))];
    const right = used.length > 1 ? 4 : 12;
    const grid = { stroke: () => this.colors?.grid ?? "", width: 1 };
    const look = () => ({
      stroke: () => this.colors?.axis ?? "",
      font: this.colors?.font ?? "",
      ticks: { show: false },
    });
    const clock = time !== false;
    const x: uPlot.Axis = { ...look(), grid: { show: false }, size: 26, gap: 6 };
    x.space = (_u, _axis, min, max) => apartOf(clock ? [] : [min, max]);
    if (clock) x.incrs = CLOCK;
    x.values = (u, ticks, _axis, _space, apart) => {
      const end = u.valToPos((u.scales.x?.max ?? 0) as number, "x") + right;
      const text = (at: number) => (clock ? clockTime(at, apart) : at.toLocaleString());
      return ticks.map((at) => whole(text(at), end - u.valToPos(at, "x")));
    };
    return new uPlot(
      {
        width,
        height,
        // Whole pixels would make a sliding line wobble.
        pxAlign: false,
        padding: [8, right, 0, 4],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
        scales: {
          x: { time: clock, auto: false },
          ...Object.fromEntries(used.map((name) => [name, { range: ranged(scales?.[name]?.range) }])),
        },
        axes: [
          x,
          ...used.map((name, i) => ({
            ...look(),
            ...yAxis(scales?.[name] ?? {}, i),
            scale: name,
            grid: i ? { show: false } : grid,
          })),
        ],
        series: [
          {},
          ...this.series.map(({ key, scale = "y" }, i) => ({
            scale,
            show: !this.hidden.has(key),
            stroke: () => this.colors?.lines[i] ?? "",
            paths: () => null,
            points: { show: false },
          })),
        ],
        hooks: {
          drawSeries: [(u, i) => this.line(u, i)],
          draw: [() => void this.el.wscbDraws++],
          setCursor: [() => this.write(Number.POSITIVE_INFINITY)],
        },
      },
      this.drawable() as uPlot.AlignedData,
      this.plot,
    );
  }

  private line(u: uPlot, i: number): void {
    const { width = 1.5, dash } = this.series[i - 1] as Series;
    const { lines = [], fills = [] } = this.colors ?? {};
    drawLine(u, i, { color: lines[i - 1] ?? "", fill: fills[i - 1] ?? null, width, dash });
  }

  /** The legend: a button a series, that shows and hides it, with its figure. */
  private keys(): void {
    while (this.legend.children.length > this.series.length) this.legend.lastChild?.remove();
    this.series.forEach(({ key, label = key }, i) => {
      let button = this.legend.children[i] as HTMLButtonElement | undefined;
      if (!button) {
        button = this.legend.appendChild(h("button"));
        button.type = "button";
        button.append(h("i"), h("span"), h("b"));
        button.addEventListener("click", () => this.toggle(i));
      }
      const [swatch, name] = [...button.children] as HTMLElement[];
      swatch?.style.setProperty("background", this.colors?.lines[i] ?? "");
      if (name) name.textContent = label;
      button.ariaPressed = String(!this.hidden.has(key));
    });
  }

  private toggle(i: number): void {
    const key = this.series[i]?.key ?? "";
    if (!this.hidden.delete(key)) this.hidden.add(key);
    this.keys();
    this.uplot?.setSeries(i + 1, { show: !this.hidden.has(key) });
  }

  /** Writes the figures under the cursor, or the newest. */
  private write(now: number): void {
    if (now - this.written < LEGEND) return;
    if (Number.isFinite(now)) this.written = now;
    const [x = [], ...ys] = this.columns;
    const { left = -1 } = this.uplot?.cursor ?? {};
    const at = left >= 0 && this.uplot ? indexAt(x, this.uplot.posToVal(left, "x")) : x.length - 1;
    const scales = (this.props.scales ?? {}) as Record<string, Scale>;
    const said: string[] = [];
    this.series.forEach(({ key, label = key, scale = "y" }, i) => {
      const text = figure(ys[i]?.[at], scales[scale]?.unit, true);
      const b = this.legend.children[i]?.lastElementChild;
      if (b && b.textContent !== text) b.textContent = text;
      said.push(`${label} ${text}`);
    });
    this.plot.ariaLabel = `${this.props.title ?? "Chart"}: ${said.join(", ")}`;
  }
}

/** A y scale with fixed ends where they are given, and room above and below where not. */
function ranged(ends: [number | null, number | null] = [null, null]): uPlot.Scale.Range {
  return (_u, low, high) => {
    const [min, max] = low == null || high == null ? [0, 1] : uPlot.rangeNum(low, high, 0.1, true);
    return [ends[0] ?? min ?? 0, ends[1] ?? max ?? 1];
  };
}

function yAxis({ unit, side, label }: Scale, i: number): uPlot.Axis {
  let widest = 36;
  const axis: uPlot.Axis = {
    side: (side ?? (i ? "right" : "left")) === "left" ? 3 : 1,
    gap: 6,
    values: (_u, ticks) => ticks.map((tick) => figure(tick, unit)),
    // It only grows, so that the plot does not jump to and fro with the figures.
    size: (u, values) => {
      for (const value of values ?? []) {
        widest = Math.max(widest, Math.ceil(u.ctx.measureText(value).width / devicePixelRatio) + 14);
      }
      return widest;
    },
  };
  if (label) Object.assign(axis, { label, labelSize: 18, labelGap: 0, labelFont: "11px system-ui" });
  if (unit?.startsWith("bytes")) axis.incrs = Array.from({ length: 50 }, (_, power) => 2 ** power);
  return axis;
}
