/** `Graph`: plotly's figures. What is done to a plot is done one after the other. */
import type { Emit, Fail, Mounted } from "../adapters/adapter";
import { watchTheme } from "../chart-theme";
import { h } from "../h";
import type { Props } from "../props";
import { outer } from "./outer";
import { type Plot, type Plotly, plotly } from "./plotly";
import { CLEAR, themed } from "./plotly-theme";

const DRAWN = /^(figure|config|responsive|theme)$/;
const KEPT = /^(bbox|customdata|pointNumbers)$/;
const ARRAYS: Record<string, new (buffer: ArrayBuffer) => ArrayLike<number>> = {
  i1: Int8Array,
  u1: Uint8Array,
  c1: Uint8ClampedArray,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  f4: Float32Array,
  f8: Float64Array,
};

interface Figure {
  data?: Props[];
  layout?: Props;
  frames?: unknown[];
}

/** What is done to a plot, and for which prop: the figure, unless it says so. */
type Job = ((lib: Plotly) => unknown) & { prop?: string };

export function mount(el: HTMLElement, _type: string, _props: Props, emit: Emit, fail: Fail): Mounted {
  return new Graph(el, emit, fail);
}

/** Of what plotly.js tells of a point what can be sent: plain values, and where it is. */
function points(event: Props | undefined): Props | undefined {
  const list = event?.points as Props[] | undefined;
  if (!list) return undefined;
  const told = list.map((point) =>
    Object.fromEntries(
      Object.entries(point).filter(
        ([name, value]) => value !== undefined && (KEPT.test(name) || typeof value !== "object"),
      ),
    ),
  );
  const { range, lassoPoints } = event as Props;
  return sendable({ points: told, ...(range ? { range } : {}), ...(lassoPoints ? { lassoPoints } : {}) });
}

const sendable = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** Numbers that plotly.py has packed, as the array that traces are extended in. */
function unpacked(value: unknown): unknown {
  const { dtype = "", bdata } = (value ?? {}) as { dtype?: string; bdata?: string };
  const type = ARRAYS[dtype];
  if (!type || typeof bdata !== "string") return value;
  return new type(Uint8Array.from(atob(bdata), (char) => char.charCodeAt(0)).buffer);
}

class Graph implements Mounted {
  private readonly props: Props = {};
  private readonly plot = h("div", "wscb-plotly") as unknown as Plot;
  private readonly stop = new AbortController();
  private readonly sizes = new ResizeObserver(() => this.resized());
  private readonly jobs: Job[] = [];
  private running = false;
  private drawn = false;
  private follows = true;
  private revision = 0;
  private lib: Plotly | undefined;

  constructor(
    private readonly el: HTMLElement,
    private readonly emit: Emit,
    private readonly fail: Fail,
  ) {
    const { signal } = this.stop;
    el.role = "figure";
    el.append(this.plot);
    this.sizes.observe(el);
    const recolor = () => this.recolor();
    watchTheme(el, signal, recolor);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolor, { signal });
  }

  set(changed: Props): void {
    const { el, props } = this;
    outer(el, changed, props, "wscb-graph");
    Object.assign(props, changed);
    if (!this.drawn || Object.keys(changed).some((name) => DRAWN.test(name))) this.do(this.draw);
    for (const name of ["extendData", "prependData"] as const) {
      const added = changed[name];
      if (added != null) this.do(Object.assign((lib: Plotly) => this.add(lib, name, added), { prop: name }));
    }
  }

  destroy(): void {
    this.stop.abort();
    this.sizes.disconnect();
    this.jobs.length = 0;
    this.lib?.purge(this.plot);
  }

  private async do(job: Job): Promise<void> {
    if (!this.jobs.includes(job)) this.jobs.push(job);
    if (this.running) return;
    this.running = true;
    for (let next = this.jobs.shift(); next; next = this.jobs.shift()) {
      try {
        this.lib ??= await plotly();
        await next(this.lib);
      } catch (error) {
        const { message = String(error) } = error as Error;
        this.fail(Object.assign(new Error(message), { prop: next.prop ?? "figure" }));
        if (next === this.draw && !this.drawn) this.plot.textContent = message;
      }
    }
    this.running = false;
  }

  private readonly draw: Job = async (lib) => {
    const { plot, props } = this;
    const { data = [], layout = {}, frames } = (props.figure ?? {}) as Figure;
    const config = (props.config ?? {}) as Props;
    const copy: Props = structuredClone(layout);
    const sized = copy.height != null && copy.width != null;
    const auto = config.responsive ?? (copy.autosize !== false && !sized);
    this.follows = typeof props.responsive === "boolean" ? props.responsive : !!auto;
    if (props.responsive === true) {
      delete copy.height;
      delete copy.width;
    }
    copy.autosize = this.follows;
    this.el.toggleAttribute("data-sized", copy.height != null);
    copy.template = this.template();
    // What was changed in place is to be looked at again.
    copy.datarevision ??= ++this.revision;
    const traces = data.map((trace) => ({ ...trace }));
    const figure = {
      data: traces,
      layout: copy,
      config: { ...config, responsive: false },
      frames: frames ?? [],
    };
    if (this.drawn && props.animate && traces.length === plot.data.length) {
      await lib.animate(plot, { data: traces, layout: copy }, props.animation_options ?? {});
    } else await lib.react(plot, figure);
    if (!this.drawn) this.listen();
    this.drawn = true;
  };

  /** Adds to traces, and to what the store has of them: so a callback's State of the figure has it too. */
  private async add(lib: Plotly, name: "extendData" | "prependData", given: unknown): Promise<void> {
    const { plot } = this;
    const [update, traces, most] = (Array.isArray(given) ? given : [given]) as [Props, number[]?, unknown?];
    const lists = Object.values(update) as unknown[][];
    const which = traces ?? (lists[0] ?? []).map((_, i) => i);
    for (const i of which) {
      const trace = plot.data[i];
      if (trace) for (const key in update) trace[key] = unpacked(trace[key]) ?? [];
    }
    await (name === "extendData" ? lib.extendTraces : lib.prependTraces)(
      plot,
      update,
      which,
      most ?? undefined,
    );
    const kept = (this.props.figure as Figure | undefined)?.data;
    for (const i of which) {
      const [to, from] = [kept?.[i], plot.data[i]];
      if (to && from) for (const key in update) to[key] = from[key];
    }
  }

  private template(): unknown {
    const layout = ((this.props.figure as Figure | undefined)?.layout ?? {}) as Props;
    // The page's colours are for what stands on the page's background, and not for a figure that has brought its own.
    const own = [layout.plot_bgcolor, layout.paper_bgcolor].some(
      (color) => !CLEAR.test((color ?? "") as string),
    );
    return own || this.props.theme === "figure" ? layout.template : themed(this.el, layout);
  }

  private recolor(): void {
    if (this.drawn) this.do((lib) => lib.relayout(this.plot, { template: this.template() }));
  }

  private resized(): void {
    const { lib, plot } = this;
    // A plot that is hidden has no size, and is looked at again when it is shown.
    if (lib && this.drawn && this.follows && plot.offsetWidth) this.do(this.fit);
  }

  private readonly fit: Job = (lib) => lib.Plots.resize(this.plot).catch(() => {});

  private listen(): void {
    const { plot, emit } = this;
    const tell = (event: string, prop: string) =>
      plot.on(`plotly_${event}`, (data) => {
        const value = points(data);
        if (value) emit({ [prop]: value });
      });
    tell("click", "clickData");
    tell("hover", "hoverData");
    tell("selected", "selectedData");
    plot.on("plotly_deselect", () => emit({ selectedData: null }));
    plot.on("plotly_unhover", () => this.props.clear_on_unhover && emit({ hoverData: null }));
    plot.on("plotly_clickannotation", (data) => {
      const { event: _, fullAnnotation: __, ...told } = data ?? {};
      emit({ clickAnnotationData: sendable(told) });
    });
    plot.on("plotly_restyle", (data) => emit({ restyleData: sendable(data) }));
    plot.on("plotly_relayout", (data) => {
      if (data && !("template" in data)) emit({ relayoutData: sendable(data) });
    });
  }
}
