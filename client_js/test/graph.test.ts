import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Graph } from "../src/graph";
import { Store } from "../src/store";
import type { Call, Ref, Spec } from "../src/types";
import { div } from "./nodes";

const refs = (text: string): Ref[] =>
  text
    .split(" ")
    .filter(Boolean)
    .map((ref) => ref.split(".") as [string, string]);

/** `"a.x b.y -> c.z"`, with more of the spec beside. */
function spec(text: string, more: Partial<Spec> = {}): Spec {
  const [inputs, outputs] = text.split("->") as [string, string];
  const parts = { inputs: refs(inputs), outputs: refs(outputs), state: [] };
  return { id: text, initial: true, socket: true, ...parts, ...more };
}

/** A page that answers its calls as the test says. */
class Page {
  store = new Store();
  graph: Graph;
  open: Call[] = [];
  cancelled: number[] = [];
  problems: string[] = [];

  constructor(layout: string, specs: Spec[]) {
    this.graph = new Graph(specs, this.store);
    this.graph.changed(this.store.load(layout.split(" ").map((id) => div(id))));
    this.step();
  }

  step(): void {
    const { calls, cancels, problems } = this.graph.step();
    this.open.push(...calls);
    this.cancelled.push(...cancels);
    this.problems.push(...problems.map(({ code, component }) => `${code} ${component}`));
  }

  set(id: string, props: Record<string, unknown>): void {
    this.graph.changed(this.store.set(id, props));
    this.step();
  }

  write(id: string, prop: string, value: unknown): void {
    this.graph.changed(this.store.commit([["set", id, prop, value]]));
    this.step();
  }

  get names(): string[] {
    return this.open.map((call) => call.spec.id);
  }

  /** The oldest call of that spec returns values for its outputs, or nothing. */
  end(name: string, ...values: unknown[]): Call {
    const call = this.open.find((other) => other.spec.id === name) as Call;
    this.open = this.open.filter((other) => other !== call);
    const changes = values.map((value, i) => ["set", ...(call.spec.outputs[i] as Ref), value] as const);
    this.graph.changed(this.store.commit(changes));
    this.graph.settled(call.id);
    this.step();
    return call;
  }
}

describe("initial calls", () => {
  it("of what stands below one that is prevented, and fed, come after it", () => {
    const page = new Page("a b c d", [
      spec("a.x -> b.x"),
      spec("b.x -> c.x", { initial: false }),
      spec("c.x -> d.x"),
    ]);
    expect(page.names).toEqual(["a.x -> b.x"]);
    page.end("a.x -> b.x", 1);
    expect(page.names).toEqual(["b.x -> c.x"]);
    page.end("b.x -> c.x", 2);
    expect(page.open).toMatchObject([{ inputs: [2], trigger: ["c.x"] }]);
  });

  it("of what stands below one that is prevented, and not fed after all, are made", () => {
    const page = new Page("a b c d", [
      spec("a.x -> b.x"),
      spec("b.x -> c.x", { initial: false }),
      spec("c.x -> d.x"),
    ]);
    page.end("a.x -> b.x");
    expect(page.open).toMatchObject([{ spec: { id: "c.x -> d.x" }, trigger: [] }]);
  });

  it("are made, once, of what depends on nothing and writes nothing", () => {
    const page = new Page("a", [spec("->")]);
    expect(page.names).toEqual(["->"]);
    page.write("a", "children", div("b"));
    expect(page.names).toEqual(["->"]);
  });

  it("go in the order of what they depend on, each once, with the final values", () => {
    const page = new Page("a b c d", [spec("b.x c.x -> d.x"), spec("b.x -> c.x"), spec("a.x -> b.x")]);
    expect(page.names).toEqual(["a.x -> b.x"]);
    expect(page.open[0]).toMatchObject({ inputs: [undefined], trigger: [] });
    page.end("a.x -> b.x", 1);
    expect(page.names).toEqual(["b.x -> c.x"]);
    page.end("b.x -> c.x", 2);
    expect(page.open).toMatchObject([{ inputs: [1, 2], trigger: ["b.x", "c.x"] }]);
  });

  it("are not made for what prevents them, which is then triggered by what it reads", () => {
    const page = new Page("a b c", [spec("a.x -> b.x"), spec("b.x -> c.x", { initial: false })]);
    expect(page.names).toEqual(["a.x -> b.x"]);
    page.end("a.x -> b.x", 1);
    expect(page.names).toEqual(["b.x -> c.x"]);
  });

  it("do not wait for one that is prevented", () => {
    const page = new Page("a b c", [spec("a.x -> b.x", { initial: false }), spec("b.x -> c.x")]);
    expect(page.names).toEqual(["b.x -> c.x"]);
  });

  it("stop where nothing changed, all the way down", () => {
    const page = new Page("a b c d", [spec("a.x -> b.x"), spec("b.x -> c.x"), spec("c.x -> d.x")]);
    page.end("a.x -> b.x");
    expect(page.names).toEqual([]);
    page.set("a", { x: 1 });
    expect(page.names).toEqual(["a.x -> b.x"]);
  });

  it("go on where another input is no output of what changed nothing", () => {
    const page = new Page("a b c e", [spec("a.x -> b.x"), spec("b.x e.x -> c.x")]);
    page.end("a.x -> b.x");
    expect(page.open).toMatchObject([{ trigger: [], inputs: [undefined, undefined] }]);
  });

  it("run without outputs, if they have an input on the page", () => {
    expect(new Page("a", [spec("a.x ->")]).names).toEqual(["a.x ->"]);
    expect(new Page("b", [spec("a.x ->")]).names).toEqual([]);
  });

  it("of declared circles are made nevertheless", () => {
    const page = new Page("a b", [spec("a.x -> b.x"), spec("b.x -> a.x")]);
    expect(page.names).toEqual(["a.x -> b.x"]);
  });
});

describe("changes", () => {
  const quiet = { initial: false };

  it("call what reads them, with the values and the trigger", () => {
    const page = new Page("a b", [spec("a.x -> b.x", { ...quiet, state: refs("b.y") })]);
    page.set("b", { y: "s" });
    page.set("a", { x: 1, other: 2 });
    expect(page.open).toMatchObject([{ inputs: [1], state: ["s"], trigger: ["a.x"] }]);
  });

  it("of several inputs at once are one call", () => {
    const page = new Page("a b", [spec("a.x a.y -> b.x", quiet)]);
    page.set("a", { x: 1, y: 2 });
    expect(page.open).toMatchObject([{ trigger: ["a.x", "a.y"] }]);
  });

  it("wait for those that write another input, and are then one call", () => {
    const page = new Page("a b c", [spec("a.x -> b.x", quiet), spec("a.x b.x -> c.x", quiet)]);
    page.set("a", { x: 1 });
    expect(page.names).toEqual(["a.x -> b.x"]);
    page.end("a.x -> b.x", 2);
    expect(page.open).toMatchObject([{ inputs: [1, 2], trigger: ["a.x", "b.x"] }]);
  });

  it("still call what was triggered itself when what it waited for changed nothing", () => {
    const page = new Page("a b c", [spec("a.x -> b.x", quiet), spec("a.x b.x -> c.x", quiet)]);
    page.set("a", { x: 1 });
    page.end("a.x -> b.x");
    expect(page.names).toEqual(["a.x b.x -> c.x"]);
  });

  it("while a call runs are another call, side by side", () => {
    const page = new Page("a b", [spec("a.x -> b.x", quiet)]);
    page.set("a", { x: 1 });
    page.set("a", { x: 2 });
    expect(page.open.map((call) => call.inputs)).toEqual([[1], [2]]);
  });

  it("by a callback of its own input do not trigger it, those by the page do", () => {
    const page = new Page("a", [spec("a.x -> a.x", quiet)]);
    page.set("a", { x: 1 });
    page.end("a.x -> a.x", 2);
    expect(page.names).toEqual([]);
    page.set("a", { x: 3 });
    expect(page.names).toEqual(["a.x -> a.x"]);
  });

  it("by set_props call what reads them, also while the call that made them runs", () => {
    const page = new Page("a b c d", [spec("a.x -> b.x", quiet), spec("c.x -> d.x", quiet)]);
    page.set("a", { x: 1 });
    page.write("c", "x", 5);
    expect(page.names).toEqual(["a.x -> b.x", "c.x -> d.x"]);
  });

  it("by a yield wait for the end of what yields", () => {
    const page = new Page("a b c", [spec("a.x -> b.x", quiet), spec("b.x -> c.x", quiet)]);
    page.set("a", { x: 1 });
    page.write("b", "x", 5);
    expect(page.names).toEqual(["a.x -> b.x"]);
    page.end("a.x -> b.x");
    expect(page.open).toMatchObject([{ inputs: [5], trigger: ["b.x"] }]);
  });
});

describe("components that come and go", () => {
  const layout = "root a";

  it("have their initial calls when they come", () => {
    const page = new Page(layout, [spec("a.x -> late.x")]);
    expect(page.names).toEqual([]);
    page.write("root", "children", div("late"));
    expect(page.open).toMatchObject([{ trigger: [], inputs: [undefined] }]);
  });

  it("that are inputs trigger what was there before, prevented or not", () => {
    const page = new Page(layout, [spec("late.x -> a.x", { initial: false })]);
    page.write("root", "children", div("late", null, { x: 7 }));
    expect(page.open).toMatchObject([{ trigger: ["late.x"], inputs: [7] }]);
  });

  it("that come with their callback's output do not, when it is prevented", () => {
    const page = new Page(layout, [spec("late.x -> out.x", { initial: false })]);
    page.write("root", "children", [div("late"), div("out")]);
    expect(page.names).toEqual([]);
  });

  it("end the calls whose outputs have all gone", () => {
    const page = new Page(layout, [spec("a.x -> late.x")]);
    page.write("root", "children", div("late"));
    page.write("root", "children", null);
    expect(page.cancelled).toEqual([page.open[0]?.id]);
  });

  it("and are called no more", () => {
    const page = new Page(layout, [spec("a.x -> late.x", { initial: false })]);
    page.write("root", "children", div("late"));
    page.set("a", { x: 1 });
    expect(page.names).toHaveLength(1);
    page.write("root", "children", null);
    page.set("a", { x: 2 });
    expect(page.names).toHaveLength(1);
  });
});

describe("inputs that are not on the page", () => {
  it("all of them: no call, and no word", () => {
    const page = new Page("b", [spec("a.x -> b.x")]);
    expect([page.names, page.problems]).toEqual([[], []]);
  });

  it("some of them: no call, and a problem", () => {
    const page = new Page("a b", [spec("a.x gone.x -> b.x")]);
    expect([page.names, page.problems]).toEqual([[], ["missing_input gone"]]);
  });

  it("a state: the same", () => {
    const page = new Page("a b", [spec("a.x -> b.x", { state: refs("gone.x") })]);
    expect([page.names, page.problems]).toEqual([[], ["missing_input gone"]]);
  });

  it("one of several outputs: the same, until it comes", () => {
    const page = new Page("a b", [spec("a.x -> b.x gone.x")]);
    expect([page.names, page.problems]).toEqual([[], ["missing_input gone"]]);
    page.write("b", "children", div("gone"));
    expect(page.names).toHaveLength(1);
  });
});

describe("cancel=", () => {
  it("cancels the running calls, all of them, when one of its inputs changes", () => {
    const page = new Page("a b stop", [spec("a.x -> b.x", { initial: false, cancel: refs("stop.n") })]);
    page.set("a", { x: 1 });
    page.set("a", { x: 2 });
    page.set("stop", { n: 1 });
    expect(page.cancelled).toEqual(page.open.map((call) => call.id));
  });
});

describe("persistent tasks", () => {
  it("without inputs are the server's to start", () => {
    expect(new Page("a", [spec("-> a.x", { persistent: true })]).names).toEqual([]);
  });

  it("with inputs start with their values, start anew at a change, and nobody waits for them", () => {
    const task = spec("a.x -> b.x", { persistent: true });
    const page = new Page("a b c", [task, spec("b.x -> c.x")]);
    expect(page.names).toEqual(["a.x -> b.x", "b.x -> c.x"]);
    page.set("a", { x: 1 });
    expect(page.names).toEqual(["a.x -> b.x", "b.x -> c.x", "a.x -> b.x"]);
    expect(page.open[2]?.inputs).toEqual([1]);
  });

  it("end with what they write", () => {
    const page = new Page("root a", [spec("a.x -> late.x", { persistent: true })]);
    page.write("root", "children", div("late"));
    page.write("root", "children", null);
    expect(page.cancelled).toEqual([page.open[0]?.id]);
  });
});

it("in any graph without circles, each initial call is made once, after all that feed it", () => {
  const edges = fc.uniqueArray(fc.tuple(fc.nat(6), fc.nat(6)), { selector: String, maxLength: 15 });
  fc.assert(
    fc.property(edges, fc.infiniteStream(fc.nat()), (pairs, picks) => {
      // The callback of node n reads all lower nodes that an edge joins to it, and writes n.
      const reads = new Map<number, Set<number>>();
      for (const [a, b] of pairs) {
        if (a === b) continue;
        const to = Math.max(a, b);
        reads.set(to, (reads.get(to) ?? new Set()).add(Math.min(a, b)));
      }
      const specs = [...reads].map(([n, from]) =>
        spec(`${[...from].map((m) => `n${m}.x`).join(" ")} -> n${n}.x`),
      );
      const page = new Page("n0 n1 n2 n3 n4 n5 n6", specs);
      const done: string[] = [];
      while (page.open.length) {
        const name = page.names[(picks.next().value as number) % page.open.length] as string;
        done.push((page.end(name, done.length).spec.outputs[0] as Ref)[0]);
      }
      expect(done).toHaveLength(specs.length);
      for (const [n, from] of reads) {
        for (const m of from)
          if (reads.has(m)) expect(done.indexOf(`n${m}`)).toBeLessThan(done.indexOf(`n${n}`));
      }
    }),
  );
});

describe("what is fed over several hops", () => {
  const specs = [
    spec("a.x -> b.x", { initial: false }),
    spec("b.x -> c.x", { initial: false }),
    spec("c.x a.x -> d.x", { initial: false }),
  ];

  it("waits for all of them, and is called once", () => {
    const page = new Page("a b c d", specs);
    page.set("a", { x: 1 });
    expect(page.names).toEqual(["a.x -> b.x"]);
    page.end("a.x -> b.x", 2);
    expect(page.names).toEqual(["b.x -> c.x"]);
    page.end("b.x -> c.x", 3);
    expect(page.open).toMatchObject([{ inputs: [3, 1], trigger: ["a.x", "c.x"] }]);
  });

  it("goes on without what stopped on the way", () => {
    const page = new Page("a b c d", specs);
    page.set("a", { x: 1 });
    page.end("a.x -> b.x");
    expect(page.open).toMatchObject([{ inputs: [undefined, 1], trigger: ["a.x"] }]);
  });
});

describe("a call that a newer one has overtaken", () => {
  it("keeps nobody waiting, and can still be cancelled", () => {
    const page = new Page("a b c d", [
      spec("a.x -> b.x", { initial: false, cancel: [["d", "x"]] }),
      spec("b.x -> c.x", { initial: false }),
    ]);
    page.set("a", { x: 1 });
    page.set("a", { x: 2 });
    const [older, newer] = page.open as [Call, Call];
    page.graph.changed(page.store.commit([["set", "b", "x", 5]]));
    page.graph.settled(newer.id, "ok");
    page.step();
    expect(page.open.at(-1)).toMatchObject({ spec: { id: "b.x -> c.x" }, inputs: [5] });
    page.set("d", { x: 1 });
    expect(page.cancelled).toEqual([older.id]);
  });

  it("by one that changed nothing is waited for", () => {
    const page = new Page("a b c", [
      spec("a.x -> b.x", { initial: false }),
      spec("b.x c.y -> c.x", { initial: false }),
    ]);
    page.set("a", { x: 1 });
    page.set("a", { x: 2 });
    page.set("c", { y: 1 });
    page.graph.settled((page.open[1] as Call).id, "no_update");
    page.step();
    expect(page.open).toHaveLength(2);
  });
});
