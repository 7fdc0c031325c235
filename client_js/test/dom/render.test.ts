// @vitest-environment happy-dom
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inOrder } from "../../src/dom/order";
import type { Node } from "../../src/types";
import { dcc, html, pageOf, type } from "./page";

const texts = (el: Element) => [...el.children].map((child) => child.textContent);
const items = (...ids: string[]) => ids.map((id) => html("Li", { id, children: id }));

describe("children", () => {
  test("components, texts and numbers are shown; null, NaN and booleans are not", () => {
    const { root } = pageOf([
      html("P", { children: ["a", 1, null, Number.NaN, true, false, [html("B", { children: "b" })]] }),
      "c",
    ]);
    expect(root.innerHTML).toBe("<p>a1<b>b</b></p>c");
  });

  test("markup in a text stays a text", () => {
    const { root } = pageOf(html("P", { children: "<img src=x>" }));
    expect(root.querySelector("img")).toBeNull();
    expect(root.textContent).toBe("<img src=x>");
  });

  test("a component keeps its element by id, wherever it goes among its siblings", async () => {
    const { get, set } = pageOf(html("Ul", { id: "list", children: items("a", "b", "c", "d") }));
    const before = new Map(["a", "b", "c", "d"].map((id) => [id, get(id)]));
    await set("list", { children: items("d", "x", "b", "a") });
    expect(texts(get("list"))).toEqual(["d", "x", "b", "a"]);
    for (const id of ["a", "b", "d"]) expect(get(id)).toBe(before.get(id));
    expect(get("c")).toBeNull();
  });

  test("without ids, what is of one kind is matched in order", async () => {
    const { get, set } = pageOf(
      html("Div", { id: "box", children: [html("P", { children: "1" }), html("Input")] }),
    );
    const [p, input] = [...get("box").children];
    await set("box", { children: [html("Hr"), html("P", { children: "2" }), html("Input")] });
    expect([...get("box").children].slice(1)).toEqual([p, input]);
    expect(p?.textContent).toBe("2");
  });

  test("a key stands in for an id", async () => {
    const row = (key: string) => html("Li", { key, children: key });
    const { get, set } = pageOf(html("Ul", { id: "list", children: [row("a"), row("b")] }));
    const [a, b] = [...get("list").children];
    await set("list", { children: [row("b"), row("a")] });
    expect([...get("list").children]).toEqual([b, a]);
    expect(a?.hasAttribute("key")).toBe(false);
  });

  test("another type under the same id is another element", async () => {
    const { get, set } = pageOf(html("Div", { id: "box", children: html("P", { id: "x" }) }));
    await set("box", { children: html("Span", { id: "x" }) });
    expect(get("x").localName).toBe("span");
  });

  test("any list becomes any other, with as few moves as can be", async () => {
    const ids = fc.uniqueArray(fc.integer({ min: 0, max: 12 }).map(String), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ids, ids, async (from, to) => {
        const { get, set } = pageOf(html("Ul", { id: "list", children: items(...from) }));
        const kept = from.map((id) => get(id)).filter((el) => to.includes(el.id));
        await set("list", { children: items(...to) });
        expect(texts(get("list"))).toEqual(to);
        for (const el of kept) expect(get(el.id)).toBe(el);
      }),
      { numRuns: 60 },
    );
  });

  test("the longest run in order stays", () => {
    expect([...inOrder([3, 0, 1, 2])].sort()).toEqual([1, 2, 3]);
    expect([...inOrder([-1, 0, -1, 1])].sort()).toEqual([1, 3]);
    expect(inOrder([]).size).toBe(0);
  });

  test("one that goes to the front is the only one that is moved", async () => {
    const { get, set } = pageOf(html("Ul", { id: "list", children: items("a", "b", "c", "d") }));
    const moved: string[] = [];
    const list = get("list");
    // What orders comes with the first change.
    await set("list", { title: "x" });
    const insert = list.insertBefore.bind(list);
    list.insertBefore = ((el: Element, next: globalThis.Node | null) => {
      moved.push(el.id);
      return insert(el, next);
    }) as typeof list.insertBefore;
    await set("list", { children: items("d", "a", "b", "c") });
    expect(moved).toEqual(["d"]);
  });
});

describe("one bad value costs the others nothing", () => {
  const two = () => pageOf([html("P", { id: "bad", children: "before" }), html("P", { id: "good" })]);

  test("what JSON does not have is shown as text", async () => {
    const { get, store, page, problems } = two();
    store.commit([
      ["set", "bad", "children", { n: 2n ** 60n, list: [2n ** 63n] }],
      ["set", "good", "children", 2n ** 60n],
    ]);
    await page.painted();
    expect(get("bad").textContent).toBe('{"n":"1152921504606846976","list":["9223372036854775808"]}');
    expect(get("good").textContent).toBe("1152921504606846976");
    expect(problems).toEqual([]);
  });

  test("a component that cannot be shown is reported, and the rest of the frame is drawn", async () => {
    const { get, store, page, problems } = two();
    store.commit([
      ["set", "bad", "children", html("B", { key: { toString: 1 } })],
      ["set", "good", "children", "drawn"],
    ]);
    await page.painted();
    expect([get("bad").textContent, get("good").textContent]).toEqual(["before", "drawn"]);
    expect(problems).toMatchObject([{ code: "component_failed", component: "bad" }]);
    await expect(page.painted()).resolves.toBeUndefined();
  });

  test("nor does one that comes with a module of its own", async () => {
    const mount = () => ({
      set(props: Record<string, unknown>) {
        if ("items" in props) throw new TypeError("no list");
      },
    });
    const load = () => Promise.resolve({ mount });
    const slow = { type: "x-list", namespace: "wscb_element", props: { id: "list", items: 5 } };
    const { page, problems } = pageOf([slow, html("P", { id: "good" })], { load });
    await page.painted();
    await Promise.resolve();
    await Promise.resolve();
    expect(problems).toEqual([{ code: "component_failed", component: "list", prop: "", message: "no list" }]);
  });
});

describe("what a visitor does survives", () => {
  const form = (extra: Node[] = []) => [
    ...extra,
    dcc("Input", { id: "name", value: "" }),
    html("Details", { id: "more", children: html("Summary", { children: "More" }) }),
  ];

  test("focus, caret and what is being typed, when the parent is rendered anew", async () => {
    const { get, set, store } = pageOf(html("Div", { id: "form", children: form() }));
    const field = get<HTMLInputElement>("name");
    type(field, "hello");
    field.setSelectionRange(2, 4);
    await set("form", { children: form([html("P", { id: "new", children: "above" })]) });
    expect(get("name")).toBe(field);
    expect(document.activeElement).toBe(field);
    expect([field.value, field.selectionStart, field.selectionEnd]).toEqual(["hello", 2, 4]);
    expect(store.get("name", "value")).toBe("hello");
  });

  test("the focus and the selection of a field that itself is moved", async () => {
    const fields = (...ids: string[]) => ids.map((id) => dcc("Input", { id, value: id }));
    const { get, set } = pageOf(html("Div", { id: "form", children: fields("one", "two", "three") }));
    const field = get<HTMLInputElement>("three");
    field.focus();
    field.setSelectionRange(1, 3);
    await set("form", { children: fields("three", "one", "two") });
    expect(get("form").firstElementChild).toBe(field);
    expect(document.activeElement).toBe(field);
    expect([field.selectionStart, field.selectionEnd]).toEqual([1, 3]);
  });

  test("a field without the focus takes the value of its new self", async () => {
    const { get, set } = pageOf(html("Div", { id: "form", children: form() }));
    type(get<HTMLInputElement>("name"), "hello");
    get("name").blur();
    await set("form", { children: form() });
    expect(get<HTMLInputElement>("name").value).toBe("");
  });

  test("what was opened stays open", async () => {
    const { get, set, store } = pageOf(html("Div", { id: "form", children: form() }));
    store.set("more", { open: true });
    await set("form", { children: form() });
    expect(get<HTMLDetailsElement>("more").open).toBe(true);
  });

  test("the caret stays when the value of the focused field is set", async () => {
    const { get, set } = pageOf(dcc("Input", { id: "name", value: "abcdef" }));
    const field = get<HTMLInputElement>("name");
    field.focus();
    field.setSelectionRange(3, 3);
    await set("name", { value: "abcDEF" });
    expect([field.value, field.selectionStart]).toEqual(["abcDEF", 3]);
  });
});

describe("what cannot be shown", () => {
  test.each([
    [html("Script", { id: "x", children: "alert(1)" })],
    [html("Style", { id: "x" })],
    [html("Body", { id: "x" })],
    [{ type: "script", namespace: "wscb_element", props: { id: "x" } }],
    [{ type: "iframe", namespace: "wscb_element", props: { id: "x" } }],
    [{ type: "X", namespace: "other", props: { id: "x" } }],
  ])("%o is a problem, and the rest of the page stands", (node) => {
    const { root, problems } = pageOf([node, html("P", { children: "after" })]);
    expect(problems.map(({ code, component }) => [code, component])).toEqual([["component_failed", "x"]]);
    expect(root.querySelector("script, style, iframe")).toBeNull();
    expect(root.querySelector("p")?.textContent).toBe("after");
  });

  test("a dict id is compact JSON with sorted keys", () => {
    const { get } = pageOf(html("P", { id: { type: "row", index: 1 } }));
    expect(get('{"index":1,"type":"row"}').localName).toBe("p");
  });
});
