import { describe, expect, it, vi } from "vitest";
import { apply } from "../src/patch";
import { idOf, nodes, Store } from "../src/store";
import type { Change, Node } from "../src/types";
import { div } from "./nodes";

function stored(layout: unknown): Store {
  const store = new Store();
  store.apply = apply;
  store.load(layout);
  return store;
}

const set = (id: string, prop: string, value: unknown): Change => ["set", id, prop, value];

it("finds components in any prop, outermost first", () => {
  const inner = div("inner");
  const outer = div("outer", ["text", 1, null, { label: [inner] }]);
  expect(nodes(outer).map(idOf)).toEqual(["outer", "inner"]);
  expect(nodes(Float64Array.of(1))).toEqual([]);
});

it("writes dict ids as the wire has them", () => {
  expect(idOf({ type: "Div", namespace: "n", props: { id: { type: "x", index: 1 } } })).toBe(
    '{"index":1,"type":"x"}',
  );
  expect(idOf(div(undefined))).toBeUndefined();
});

it("holds the same objects in the tree and in the index", () => {
  const store = stored(div("a", [div("b")]));
  const [b] = (store.root as Node).props["children"] as Node[];
  store.set("b", { title: "x" });
  expect([b?.props["title"], store.get("b", "title")]).toEqual(["x", "x"]);
});

it("answers nothing for what every object inherits", () => {
  const store = stored(div("a"));
  expect(store.get("a", "toString")).toBeUndefined();
  expect(store.get("nobody", "x")).toBeUndefined();
});

describe("a commit", () => {
  it("says what changed, came and went, and who did it", () => {
    const store = stored(div("a", [div("b", div("c"))]));
    const commit = store.commit([set("a", "children", [div("d")]), set("a", "title", "t")]);
    expect(commit.changed).toEqual(new Map([["a", new Set(["children", "title"])]]));
    expect(commit.added).toEqual(new Set(["d"]));
    expect(commit.removed).toEqual(new Set(["b", "c"]));
    expect(commit.by).toBe("server");
    expect(store.set("a", { title: "u" }).by).toBe("page");
  });

  it("counts what is made anew as come, not as gone", () => {
    const store = stored(div("a", [div("b", null, { title: "old" })]));
    const commit = store.commit([set("a", "children", div("b"))]);
    expect(commit.added).toEqual(new Set(["b"]));
    expect(commit.removed).toEqual(new Set());
    expect(store.get("b", "title")).toBeUndefined();
  });

  it("applies what it can, in order, and keeps the problems", () => {
    const store = stored(div("a"));
    const commit = store.commit([
      set("nobody", "x", 1),
      ["op", "a", "list", ["append", [], 1]],
      set("a", "__proto__", { bad: true }),
      set("a", "list", [1]),
      ["op", "a", "list", ["append", [], 2]],
    ]);
    expect(commit.problems.map(({ code, component, prop }) => [code, component, prop])).toEqual([
      ["not_on_page", "nobody", "x"],
      ["invalid_patch", "a", "list"],
      ["invalid_patch", "a", "__proto__"],
    ]);
    expect(store.get("a", "list")).toEqual([1, 2]);
  });

  it("is told to the reader when something changed", () => {
    const store = stored(div("a"));
    const reader = vi.fn();
    store.reader = reader;
    store.commit([]);
    expect(reader).not.toHaveBeenCalled();
    const commit = store.set("a", { x: 1 });
    expect(reader.mock.calls).toEqual([[commit]]);
  });
});

describe("a component belongs to the value that named it last", () => {
  it("so the first parent's set does not remove it", () => {
    const store = stored([div("p", [div("c")]), div("q")]);
    store.commit([set("q", "children", [div("c", null, { title: "moved" })]), set("p", "children", [])]);
    expect(store.get("c", "title")).toBe("moved");
  });

  it("and what stood in its former self goes, unless it was named again", () => {
    const store = stored([div("p", [div("c", [div("x"), div("y")])]), div("q")]);
    const commit = store.commit([set("q", "children", [div("y"), div("c")])]);
    expect(store.has("x")).toBe(false);
    expect(store.has("y")).toBe(true);
    expect(commit.removed).toEqual(new Set(["x"]));
  });

  it("also when it moves within one value", () => {
    const store = stored(div("p", [div("c", [div("x")])]));
    const commit = store.commit([set("p", "children", [div("x"), div("c")])]);
    expect(commit.added).toEqual(new Set(["x", "c"]));
    expect(commit.removed).toEqual(new Set());
  });
});

describe("operations on children", () => {
  it("leave the others as they are: only what is appended has come", () => {
    const a = div("a");
    const store = stored(div("p", [a]));
    const commit = store.commit([["op", "p", "children", ["append", [], div("b")]]]);
    expect(commit.added).toEqual(new Set(["b"]));
    store.set("a", { title: "x" });
    expect(a.props["title"]).toBe("x");
  });

  it("take out what falls out", () => {
    const store = stored(div("p", [div("a"), div("b")]));
    const commit = store.commit([["op", "p", "children", ["append", [], div("c"), 2]]]);
    expect(commit.removed).toEqual(new Set(["a"]));
  });

  it("are noticed in a prop that held none before", () => {
    const store = stored(div("p", null, { list: [] }));
    store.commit([["op", "p", "list", ["append", [], 1]]]);
    store.commit([["op", "p", "list", ["append", [], div("late")]]]);
    expect(store.has("late")).toBe(true);
    store.commit([["op", "p", "list", ["clear", []]]]);
    expect(store.has("late")).toBe(false);
  });
});

it("takes the changes around one that cannot be taken", () => {
  const store = new Store();
  store.apply = apply;
  store.load([div("a"), div("b")]);
  const bad = { type: "P", namespace: "wscb_html", props: { id: [{ toString: 1 }] } };
  const commit = store.commit([
    ["set", "a", "children", bad],
    ["set", "b", "title", "t"],
    ["set", "b", "children", { ...bad, props: { id: { n: 2n ** 60n } } }],
  ]);
  expect(commit.problems).toMatchObject([{ code: "invalid_patch", component: "a", prop: "children" }]);
  expect([store.get("b", "title"), store.has('{"n":"1152921504606846976"}')]).toEqual(["t", true]);
});
