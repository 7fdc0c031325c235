// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { watch } from "../src/arrivals";
import { keep } from "../src/persistence";
import { type Node, Store } from "../src/store";

type Props = Record<string, unknown>;

const input = (props: Props = {}) => ({
  type: "Input",
  namespace: "wscb_dcc",
  props: { id: "a", value: "A", persistence: true, ...props },
});
/** A page that opens with this, as the store of it sees it. */
function open(layout: unknown, base = "/") {
  const store = new Store();
  watch(store, [keep(base)]);
  store.load(layout);
  return store;
}
const value = (store: Store, id = "a", prop = "value") => store.get(id, prop);
/** What a page that opens now shows, when this was set in the last one. */
function after(set: Props, first: Props = {}, then = first) {
  open(input(first)).set("a", set);
  return value(open(input(then)));
}

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});
afterEach(() => vi.unstubAllGlobals());

test("the last value comes back, whoever has set it", () => {
  expect(after({ value: "a1" })).toBe("a1");
  const store = open(input());
  store.commit([["set", "a", "value", "by a callback"]]);
  expect(value(open(input()))).toBe("by a callback");
});

test("it is there before anybody sees the component", () => {
  open(input()).set("a", { value: "a1" });
  const store = new Store();
  watch(store, [keep("/")]);
  const seen: unknown[] = [];
  store.reader = () => seen.push(value(store));
  store.load(input());
  expect(seen).toEqual(["a1"]);
});

test("one that the layout did not have a value for, and one that was emptied", () => {
  expect(after({ value: "a1" }, { value: undefined })).toBe("a1");
  expect(after({ value: null }, { value: "A2" })).toBeNull();
});

test("another value of the layout wins, and what was kept is forgotten", () => {
  expect(after({ value: "a1" }, {}, { value: "B" })).toBe("B");
  expect(value(open(input()))).toBe("A");
});

test("each value of persistence has its own, and what is falsy keeps nothing", () => {
  expect(after({ value: "a1" }, { persistence: "x" }, { persistence: "y" })).toBe("A");
  expect(value(open(input({ persistence: "x" })))).toBe("a1");
  for (const off of [false, "", 0, null]) expect(after({ value: "b" }, { persistence: off })).toBe("A");
});

test("only the props that are named, by default a date as well as a value", () => {
  const dates = { start_date: "2026-01-01", end_date: "2026-02-01" };
  const store = open(input({ ...dates, persisted_props: ["start_date"] }));
  store.set("a", { start_date: "2026-01-02", end_date: "2026-02-02" });
  const next = open(input({ ...dates, persisted_props: ["start_date"] }));
  expect([value(next, "a", "start_date"), value(next, "a", "end_date")]).toEqual([
    "2026-01-02",
    "2026-02-01",
  ]);
  store.set("a", { title: "no" });
  open(input({ ...dates, id: "b" })).set("b", { end_date: "2026-03-03" });
  expect(value(open(input({ ...dates, id: "b" })), "b", "end_date")).toBe("2026-03-03");
});

test("a session keeps what the browser does not, and a page what comes and goes in it", () => {
  const session = { persistence_type: "session" };
  expect(after({ value: "a1" }, session)).toBe("a1");
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 1]);
  expect(after({ value: "a2" }, { persistence_type: "memory" })).toBe("a2");
  expect([localStorage.length, sessionStorage.length]).toEqual([0, 1]);
});

test("what comes later, with a dict id, before the calls that it triggers", () => {
  const id = { t: "x", i: 1 };
  const text = '{"i":1,"t":"x"}';
  const box = () => open({ type: "Div", namespace: "wscb_html", props: { id: "box" } });
  const first = box();
  first.commit([["set", "box", "children", [input({ id })]]]);
  first.set(text, { value: "later" });
  const second = box();
  second.commit([["set", "box", "children", [input({ id })]]]);
  expect(value(second, text)).toBe("later");
  // Taken out and put back, with another component's value set in between.
  second.commit([["set", "box", "children", []]]);
  second.commit([["set", "box", "children", [input({ id })]]]);
  expect(value(second, text)).toBe("later");
});

test("what an answer brings, and sets at the same time, is what it came with", () => {
  const store = open({ type: "Div", namespace: "wscb_html", props: { id: "box" } });
  store.commit([
    ["set", "box", "children", [input()]],
    ["set", "a", "value", "B"],
  ]);
  expect([value(store), localStorage.length]).toEqual(["B", 0]);
});

test("two apps on one host do not share", () => {
  open(input(), "/one/").set("a", { value: "a1" });
  expect(value(open(input(), "/two/"))).toBe("A");
});

test("a callback that sets persistence shows what is kept under it, and tells", () => {
  const store = open(input({ persistence: "x" }));
  store.set("a", { value: "ax" });
  let told: unknown;
  store.reader = ({ changed }) => {
    told = [...(changed.get("a") ?? [])];
  };
  store.commit([["set", "a", "persistence", "y"]]);
  expect([value(store), told]).toEqual(["A", ["persistence", "value"]]);
  store.set("a", { value: "ay" });
  store.commit([["set", "a", "persistence", "x"]]);
  expect(value(store)).toBe("ax");
  store.commit([
    ["set", "a", "persistence", "y"],
    ["set", "a", "value", "set with it"],
  ]);
  expect([value(store), localStorage.getItem('wscb-kept:/a.value."y"')]).toEqual(["set with it", null]);
  store.commit([["set", "a", "persistence", false]]);
  expect([value(store), told]).toEqual(["set with it", ["persistence"]]);
});

test("persistence that begins later", () => {
  const store = open(input({ persistence: undefined }));
  store.commit([["set", "a", "persistence", true]]);
  store.set("a", { value: "a1" });
  expect(value(open(input()))).toBe("a1");
  expect(Object.keys((store.root as Node).props)).toEqual(["id", "value"]);
});

test("what the page is not to show can still be read", () => {
  const store = open(input());
  expect(Object.keys((store.root as Node).props)).toEqual(["id", "value"]);
  expect(store.get("a", "persistence")).toBe(true);
});

test("storage that is refused, full, or holds what is not ours", () => {
  const throws = () => {
    throw new Error("QuotaExceededError");
  };
  for (const broken of ["getItem", "setItem", "removeItem"]) {
    const real = localStorage;
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => (broken === "getItem" ? throws() : real.getItem(key)),
      setItem: (key: string, text: string) => (broken === "setItem" ? throws() : real.setItem(key, text)),
      removeItem: throws,
    });
    const shown = after({ value: "a1" }, { persistence: broken });
    expect([shown, value(open(input({ persistence: broken, value: "B" })))]).toEqual([
      broken === "removeItem" ? "a1" : "A",
      "B",
    ]);
    vi.unstubAllGlobals();
  }
  localStorage.setItem("wscb-kept:/a.value.true", "not JSON");
  expect(value(open(input()))).toBe("A");
});
