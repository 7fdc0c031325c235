// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mount } from "../../src/dom/dcc/graph";
import { themed } from "../../src/dom/dcc/plotly-theme";
import * as tooltip from "../../src/dom/dcc/tooltip";
import { control } from "./control";

type Props = Record<string, any>;

const calls: [string, ...any[]][] = [];

/** plotly.js as far as it is used: what it was asked, and the events that it tells. It is loaded once. */
const plotly = (() => {
  const listeners: Record<string, (data?: Props) => void> = {};
  const said =
    (name: string) =>
    (plot: Props, ...args: any[]) => {
      calls.push([name, ...args]);
      if (name === "react") plot.data = args[0].data;
      plot.on = (event: string, act: () => void) => {
        listeners[event] = act;
      };
      return Promise.resolve();
    };
  const lib: Props = { Plots: { resize: said("resize") } };
  for (const name of ["react", "animate", "relayout", "purge"]) lib[name] = said(name);
  for (const name of ["extendTraces", "prependTraces"]) {
    lib[name] = (plot: Props, update: Props, traces: number[], most: unknown) => {
      calls.push([name, update, traces, most]);
      for (const [at, i] of traces.entries()) {
        for (const key in update) plot.data[i][key] = [...plot.data[i][key], ...update[key][at]];
      }
      return Promise.resolve();
    };
  }
  const tell = (event: string, data?: Props) => listeners[`plotly_${event}`]?.(data);
  return { lib, calls, tell };
})();

beforeEach(() => {
  document.body.innerHTML = "";
  calls.length = 0;
  (window as unknown as Props).Plotly = plotly.lib;
  // The script "loads" when it is put into the page.
  vi.spyOn(document.head, "append").mockImplementation((...nodes) => {
    for (const node of nodes) queueMicrotask(() => (node as HTMLScriptElement).onload?.(new Event("load")));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

async function graph(props: Props) {
  const made = control(mount, "Graph", props);
  await vi.waitFor(() => expect(plotly.calls.length).toBeGreaterThan(0));
  return { ...plotly, ...made, last: () => plotly.calls.at(-1) as [string, ...any[]] };
}

const figure = () => ({ data: [{ x: [1], y: [2] }], layout: { title: "T" } });

test("a figure is drawn with copies, so that plotly.js changes nothing of the store's", async () => {
  const given = figure();
  const { last, set, el } = await graph({ figure: given, config: { scrollZoom: true } });
  const [name, { data, layout, config }] = last();
  expect(name).toBe("react");
  expect(data[0]).toEqual(given.data[0]);
  expect([data[0] === given.data[0], layout === given.layout]).toEqual([false, false]);
  expect(config).toEqual({ scrollZoom: true, responsive: false });
  expect(layout.autosize).toBe(true);
  const before = layout.datarevision;
  set({ figure: given });
  await vi.waitFor(() => expect(last()[1].layout.datarevision).toBeGreaterThan(before));
  set({ figure: { layout: { height: 200, width: 300 } } });
  await vi.waitFor(() => expect(last()[1].layout).toMatchObject({ height: 200, autosize: false }));
  expect(el.hasAttribute("data-sized")).toBe(true);
  set({ responsive: true });
  await vi.waitFor(() => expect(last()[1].layout).toMatchObject({ autosize: true }));
  expect(last()[1].layout.height).toBeUndefined();
});

test("what is added to traces is added to the store's as well", async () => {
  const packed = { dtype: "i1", bdata: btoa("\u0001\u0002") };
  const given = { data: [{ y: [2] }, { y: packed }] };
  const { calls, set } = await graph({ figure: given });
  set({ extendData: [{ y: [[3], [4]] }, [0, 1], 10] });
  set({ prependData: { y: [[9]] } });
  await vi.waitFor(() => expect(calls.length).toBe(3));
  expect(calls[1]).toEqual(["extendTraces", { y: [[3], [4]] }, [0, 1], 10]);
  expect(calls[2]).toEqual(["prependTraces", { y: [[9]] }, [0], undefined]);
  await vi.waitFor(() => expect(given.data[0]?.y).toEqual([2, 3, 9]));
  expect(given.data[1]?.y).toEqual([1, 2, 4]);
});

test("what cannot be added is said, and what comes after it is done", async () => {
  const { calls, set, problems } = await graph({ figure: figure() });
  set({ extendData: [{ x: [[2]] }, [7]] });
  set({ figure: { ...figure(), layout: { title: "next" } } });
  await vi.waitFor(() =>
    expect(problems).toEqual([{ prop: "extendData", message: expect.stringMatching(/7|undefined/) }]),
  );
  await vi.waitFor(() => expect(calls.at(-1)?.[1].layout?.title).toBe("next"));
});

test("events are told as data that can be sent", async () => {
  const { emitted, tell, set } = await graph({ figure: figure() });
  await vi.waitFor(() => {
    tell("hover", { points: [] });
    expect(emitted.length).toBe(1);
  });
  emitted.length = 0;
  const point = {
    x: 1,
    curveNumber: 0,
    bbox: { x0: 1 },
    customdata: [7],
    data: {},
    xaxis: {},
    text: undefined,
  };
  tell("click", { points: [point], event: {} });
  tell("hover", { points: [point] });
  tell("selected", { points: [point], range: { x: [0, 1] } });
  tell("selected");
  tell("deselect");
  tell("unhover");
  set({ clear_on_unhover: true });
  tell("unhover");
  tell("restyle", [{ visible: ["legendonly"] }, [0]] as unknown as Props);
  tell("relayout", { "xaxis.range[0]": 1 });
  tell("relayout", { template: {} });
  tell("clickannotation", { index: 0, event: {}, fullAnnotation: {}, annotation: { text: "a" } });
  const points = [{ x: 1, curveNumber: 0, bbox: { x0: 1 }, customdata: [7] }];
  expect(emitted).toEqual([
    { clickData: { points } },
    { hoverData: { points } },
    { selectedData: { points, range: { x: [0, 1] } } },
    { selectedData: null },
    { hoverData: null },
    { restyleData: [{ visible: ["legendonly"] }, [0]] },
    { relayoutData: { "xaxis.range[0]": 1 } },
    { clickAnnotationData: { index: 0, annotation: { text: "a" } } },
  ]);
});

test("moves from figure to figure where that is asked for, and is cleared away", async () => {
  const { last, set, mounted } = await graph({ figure: figure(), animate: true });
  await vi.waitFor(() => expect(last()[0]).toBe("react"));
  await Promise.resolve();
  set({ figure: figure(), animation_options: { frame: {} } });
  await vi.waitFor(() => expect(last()[0]).toBe("animate"));
  expect(last()[2]).toEqual({ frame: {} });
  mounted.destroy?.();
  expect(last()[0]).toBe("purge");
});

test("the page's colours take the place of plotly's own template, and of no other", () => {
  const el = document.body.appendChild(document.createElement("div"));
  el.style.setProperty("--wscb-text", "#123456");
  el.style.backgroundColor = "rgb(1, 2, 3)";
  const own = {
    data: { bar: [{ type: "bar", marker: { line: { color: "#E5ECF6" } } }] },
    layout: {
      plot_bgcolor: "#E5ECF6",
      paper_bgcolor: "white",
      font: { color: "#2a3f5f" },
      xaxis: { ticks: "" },
    },
  };
  const { layout } = themed(el, { template: own }) as Props;
  expect(layout).toMatchObject({
    paper_bgcolor: "rgb(1, 2, 3)",
    plot_bgcolor: "rgb(1, 2, 3)",
    xaxis: { ticks: "" },
  });
  expect(layout.font.color).toBe("#123456");
  expect((themed(el, {}) as Props).layout.font.color).toBe("#123456");
  const chosen = { layout: { plot_bgcolor: "black", paper_bgcolor: "black" } };
  expect(themed(el, { template: chosen })).toBe(chosen);
  // Labels have the room that they need, unless the figure says what there is.
  expect((themed(el, {}) as Props).layout.xaxis.automargin).toBe(true);
  expect((themed(el, { margin: { l: 0 } }) as Props).layout).toMatchObject({
    margin: { l: 0 }, // and the others plotly's own
    xaxis: { automargin: false },
  });
  expect((themed(el, { margin: { l: 0 } }) as Props).layout.margin.t).toBeUndefined();
  expect((themed(el, { margin: { l: 0 }, template: own }) as Props).layout.xaxis.automargin).toBe(true);
});

test.each([
  [{ plot_bgcolor: "#010915" }, false],
  [{ paper_bgcolor: "rgb(0, 0, 0)" }, false],
  [{ plot_bgcolor: "rgba(0, 0, 0, 0.5)" }, false],
  [{ plot_bgcolor: "rgba(0, 0, 0, 0)", paper_bgcolor: "transparent" }, true],
  [{ paper_bgcolor: "rgba(255,255,255,0.0)" }, true],
])("a figure with %j has the page's colours: %s", async (layout, themes) => {
  const { last } = await graph({ figure: { data: [], layout } });
  expect(!!last()[1].layout.template).toBe(themes);
});

test("Tooltip is shown while it has a place, with its words while it waits", async () => {
  const matches = vi.spyOn(HTMLElement.prototype, "matches");
  let open = false;
  matches.mockImplementation(() => open);
  HTMLElement.prototype.togglePopover = vi.fn((force) => (open = !!force));
  const { el, set, mounted } = control(tooltip.mount, "Tooltip", { direction: "left" });
  expect([el.getAttribute("role"), el.popover, open]).toEqual(["tooltip", "manual", false]);
  set({ bbox: { x0: 100, x1: 120, y0: 50, y1: 60 } });
  expect([open, el.dataset.side, el.style.left]).toEqual([true, "left", "90px"]);
  set({ bbox: { x0: 0, x1: 20, y0: 50, y1: 60 } });
  expect([el.dataset.side, el.style.left]).toEqual(["right", "30px"]);
  el.setAttribute("data-wscb-loading", "children");
  await vi.waitFor(() => expect(el.textContent).toBe("Loading..."));
  el.removeAttribute("data-wscb-loading");
  await vi.waitFor(() => expect(el.textContent).toBe(""));
  set({ show: false });
  expect(open).toBe(false);
  mounted.destroy?.();
});
