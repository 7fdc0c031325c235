import { expect, test } from "vitest";
import { watch } from "../src/arrivals";
import { searched } from "../src/searched";
import { Store } from "../src/store";
import type { Spec } from "../src/types";

const dropdown = (id: unknown, props: object = {}, type = "Dropdown") => ({
  type,
  namespace: "wscb_dcc",
  props: { id, ...props },
});

function open(read: unknown[], layout: unknown) {
  const store = new Store();
  const specs = read.map((id, i) => ({
    inputs: i ? [] : [[id, "search_value"]],
    state: i ? [[id, "search_value"]] : [],
  }));
  watch(store, [searched([...specs, { inputs: [["other", "value"]], state: [] }] as unknown as Spec[])]);
  store.load(layout);
  return (id: string) => store.get(id, "searchable");
}

test("a dropdown whose search is read can be searched, and no other", () => {
  const layout = [
    dropdown("a"),
    dropdown("b"),
    dropdown("c"),
    dropdown("d", { searchable: false }),
    dropdown("e", {}, "Input"),
    dropdown("other"),
  ];
  const searchable = open(["a", "b", "d", "e"], layout);
  expect(["a", "b", "c", "d", "e", "other"].map(searchable)).toEqual([
    true,
    true,
    undefined,
    false,
    undefined,
    undefined,
  ]);
});

test("ids that are dicts, and patterns", () => {
  const id = (t: string, i: number) => `{"i":${i},"t":"${t}"}`;
  const layout = [
    dropdown({ t: "x", i: 1 }),
    dropdown({ t: "y", i: 1 }),
    dropdown({ t: "y", i: 2 }),
    dropdown({ u: "x", i: 3 }),
    dropdown({ t: "x" }),
  ];
  const searchable = open([{ t: "x", i: ["ALL"] }, '{"i":2,"t":"y"}'], layout);
  expect([id("x", 1), id("y", 1), id("y", 2), '{"i":3,"u":"x"}', '{"t":"x"}'].map(searchable)).toEqual([
    true,
    undefined,
    true,
    undefined,
    undefined,
  ]);
});
