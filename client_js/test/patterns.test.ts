import { describe, expect, it } from "vitest";
import { Graph } from "../src/graph";
import {
  type DictId,
  type Instance,
  instances,
  match,
  type Pattern,
  type Patterned,
  patterns,
} from "../src/patterns";
import { Store } from "../src/store";
import type { Call, Spec } from "../src/types";
import { div } from "./nodes";
import { vectors } from "./vectors";

interface Vectors {
  match: { name: string; pattern: Pattern; id: string; bindings: DictId | null }[];
  instances: { name: string; spec: Patterned; ids: string[]; instances: Omit<Instance, "bound">[] }[];
}

const cases = vectors("patterns.json") as unknown as Vectors;

it.each(cases.match)("match: $name", ({ pattern, id, bindings }) => {
  const dict = id[0] === "{" && JSON.parse(id);
  expect((dict && match(pattern, dict)) || null).toEqual(bindings);
});

it.each(cases.instances)("instances: $name", ({ spec, ids, instances: wanted }) => {
  const dicts = ids.filter((id) => id[0] === "{").map((id) => JSON.parse(id));
  expect(instances(spec, dicts).map(({ bound: _, ...rest }) => rest)).toEqual(wanted);
});

type Ref = [id: unknown, prop: string, ...more: unknown[]];

/** A spec with patterns, as the page data has it. */
const spec = (id: string, outputs: Ref[], inputs: Ref[], more: object = {}) =>
  ({
    id,
    outputs,
    inputs,
    state: [],
    initial: true,
    socket: true,
    patterns: true,
    ...more,
  }) as unknown as Spec;

const row = (i: unknown, prop = "value"): Ref => [{ i, type: "row" }, prop];
const out = (i: unknown): Ref => [{ i, type: "out" }, "children"];
const ALL = ["ALL"];
const MATCH = ["MATCH"];

const item = (i: number, type = "row") => div({ type, i } as never, null, { value: i * 10 });
const rowId = (i: number, type = "row") => `{"i":${i},"type":"${type}"}`;

class Page {
  store = new Store();
  graph: Graph;
  calls: Call[] = [];
  cancels: number[] = [];

  constructor(specs: Spec[], children: unknown[]) {
    this.graph = new Graph(specs, this.store, patterns(specs, this.store));
    this.graph.changed(this.store.load([div("box", children), div("sum"), div("go", null, { n: 0 })]));
    this.step();
  }

  step(): Call[] {
    const { calls, cancels } = this.graph.step();
    this.calls = calls;
    this.cancels = cancels;
    return calls;
  }

  set(id: string, prop: string, value: unknown): Call[] {
    this.graph.changed(this.store.set(id, { [prop]: value }));
    return this.step();
  }

  end(...calls: Call[]): void {
    for (const { id } of calls) this.graph.settled(id);
    this.step();
  }

  get made(): unknown[] {
    return this.calls.map(({ spec, inputs }) => [spec.id, ...inputs]);
  }
}

describe("ALL", () => {
  const sum = spec("sum", [["sum", "children"]], [row(ALL)]);

  it("gives the values of all that fit, in the order of the layout, and says whose they are", () => {
    const page = new Page([sum], [item(2), div(undefined, [item(1)]), item(7, "other")]);
    expect(page.calls).toMatchObject([
      { inputs: [[20, 10]], state: [], trigger: [], ids: [[null], [[rowId(2), rowId(1)]], []] },
    ]);
  });

  it("knows ids as the server sends them, which is as texts", () => {
    const page = new Page([sum], [div(rowId(2), null, { value: 5 })]);
    expect(page.calls).toMatchObject([{ inputs: [[5]], ids: [[null], [[rowId(2)]], []] }]);
  });

  it("gives the ids themselves as the dicts that they are", () => {
    const names = spec("names", [["sum", "children"]], [row(ALL, "id")]);
    const page = new Page([names], [div(rowId(2), null, { value: 5 }), item(1)]);
    expect(page.calls).toMatchObject([
      {
        inputs: [
          [
            { i: 2, type: "row" },
            { i: 1, type: "row" },
          ],
        ],
      },
    ]);
  });

  it("of none gives an empty list", () => {
    expect(new Page([sum], []).calls).toMatchObject([{ inputs: [[]], ids: [[null], [[]], []] }]);
  });

  it("is triggered by one of them", () => {
    const page = new Page([sum], [item(1), item(2)]);
    page.end(...page.calls);
    expect(page.set(rowId(2), "value", 5)).toMatchObject([
      { inputs: [[10, 5]], trigger: [`${rowId(2)}.value`] },
    ]);
  });

  it("is triggered by one that comes, and by one that goes, which cannot be told as a reason", () => {
    const page = new Page([sum], [item(1), item(2)]);
    page.end(...page.calls);
    expect(page.set("box", "children", [item(3), item(1), item(2)])).toMatchObject([
      { inputs: [[30, 10, 20]] },
    ]);
    page.end(...page.calls);
    expect(page.set("box", "children", [item(2)])).toMatchObject([{ inputs: [[20]] }]);
    page.end(...page.calls);
    expect(page.set("box", "children", [])).toMatchObject([{ inputs: [[]], trigger: [] }]);
  });

  it("has no call for what comes and goes beside it", () => {
    const page = new Page([sum], [item(1)]);
    page.end(...page.calls);
    expect(page.set("go", "children", [item(1, "other"), div("plain")])).toEqual([]);
  });
});

describe("MATCH", () => {
  const each = spec("each", [out(MATCH)], [row(MATCH)]);
  const pair = (i: number) => [item(i, "row"), item(i, "out")];

  it("calls each for itself", () => {
    const page = new Page([each], [...pair(1), ...pair(2)]);
    expect(page.calls).toMatchObject([
      { inputs: [10], ids: [[rowId(1, "out")], [rowId(1)], []] },
      { inputs: [20], ids: [[rowId(2, "out")], [rowId(2)], []] },
    ]);
    page.end(...page.calls);
    expect(page.set(rowId(2), "value", 3)).toMatchObject([{ inputs: [3], trigger: [`${rowId(2)}.value`] }]);
  });

  it("has an initial call for each that comes, and those that are there stay who they are", () => {
    const page = new Page([each], pair(1));
    const [first] = page.calls as [Call];
    page.set("box", "children", [...pair(1), ...pair(2)]);
    expect(page.made).toContainEqual(["each", 20]);
    expect(page.cancels).toEqual([]);
    page.end(first, ...page.calls);
    expect(page.set(rowId(1), "value", 4)[0]?.spec).toBe(first.spec);
  });

  it("ends the calls of what has gone", () => {
    const page = new Page([each], [...pair(1), ...pair(2)]);
    const [, second] = page.calls as [Call, Call];
    page.set("box", "children", pair(1));
    expect(page.cancels).toEqual([second.id]);
  });

  it("waits for what feeds it, each for its own", () => {
    const feed = spec("feed", [row(MATCH)], [[{ i: MATCH, type: "source" }, "value"]]);
    const page = new Page([each, feed], [...pair(1), ...pair(2), item(1, "source"), item(2, "source")]);
    const [first] = page.calls as [Call];
    expect(page.made).toEqual([
      ["feed", 10],
      ["feed", 20],
    ]);
    page.graph.changed(page.store.commit([["set", rowId(1), "value", 99]]));
    page.end(first);
    expect(page.made).toEqual([["each", 99]]);
  });

  it("in inputs alone calls once for each, with the fixed output", () => {
    const last = spec("last", [["sum", "children"]], [row(MATCH)], { initial: false });
    const page = new Page([last], [item(1), item(2)]);
    expect(page.calls).toEqual([]);
    expect(page.set(rowId(2), "value", 1)).toMatchObject([{ inputs: [1], ids: [[null], [rowId(2)], []] }]);
  });

  it("stands in cancel and running too", () => {
    const more = {
      cancel: [[{ i: MATCH, type: "stop" }, "n"]],
      running: [[{ i: MATCH, type: "out" }, "busy", true, false]],
    };
    const specs = [spec("each", [out(MATCH)], [row(MATCH)], more)];
    const page = new Page(specs, [...pair(1), ...pair(2), item(2, "stop")]);
    const [, second] = page.calls as [Call, Call];
    expect(second.spec.running).toEqual([[rowId(2, "out"), "busy", true, false]]);
    page.set(rowId(2, "stop"), "n", 1);
    expect(page.cancels).toEqual([second.id]);
  });
});

it("a callback whose outputs are none on the page is not called, and is when one comes", () => {
  const write = spec("write", [out(ALL)], [["go", "n"]]);
  const page = new Page([write], []);
  expect(page.calls).toEqual([]);
  expect(page.set("go", "n", 1)).toEqual([]);
  expect(page.set("box", "children", [item(1, "out")])).toMatchObject([
    { ids: [[[rowId(1, "out")]], [null], []] },
  ]);
});

it("ALLSMALLER gives those that are smaller", () => {
  const smaller = spec("smaller", [out(MATCH)], [row(MATCH)], { state: [row(["ALLSMALLER"])] });
  const page = new Page([smaller], [item(1), item(2), item(3), item(2, "out")]);
  expect(page.calls).toMatchObject([{ inputs: [20], state: [[10]] }]);
});

it("a pattern in `running` alone is no matter of the call", () => {
  const busy = spec("busy", [["sum", "children"]], [["go", "n"]], {
    running: [[{ i: ALL, type: "row" }, "on", 1, 0]],
  });
  const [call] = new Page([busy], [item(1)]).calls as [Call];
  expect(call).toMatchObject({ inputs: [0] });
  expect(call.ids).toBeUndefined();
});
