// @vitest-environment happy-dom
import { describe, expect, test, vi } from "vitest";
import * as extra from "../../src/dom/extra";
import * as late from "../../src/late";
import { dcc, html, pageOf, type } from "./page";

const NOW = 1_700_000_000_000;

test("a click counts for every element with an id that it goes through", () => {
  vi.spyOn(Date, "now").mockReturnValue(NOW);
  const { get, emitted } = pageOf(
    html("Div", { id: "out", children: html("P", { children: html("Button", { id: "b", n_clicks: 2 }) }) }),
  );
  get("b").click();
  expect(emitted).toEqual([
    ["b", { n_clicks: 3, n_clicks_timestamp: NOW }],
    ["out", { n_clicks: 1, n_clicks_timestamp: NOW }],
  ]);
  expect(get("b").hasAttribute("n_clicks")).toBe(false);
});

test("two clicks in one frame are two", () => {
  const { get, store } = pageOf(html("Button", { id: "b" }));
  get("b").click();
  get("b").click();
  expect(store.get("b", "n_clicks")).toBe(2);
});

test("no count where it is turned off, disabled, or nameless", () => {
  const { root, emitted } = pageOf([
    html("P", { id: "off", disable_n_clicks: true }),
    html("Button", { id: "dis", disabled: true, children: html("B") }),
    html("Button", {}),
  ]);
  for (const el of root.querySelectorAll("p, button, b")) (el as HTMLElement).click();
  expect(emitted).toEqual([]);
});

test("fields tell their value, boxes whether they are ticked", () => {
  const { get, emitted } = pageOf([
    html("Input", { id: "text" }),
    html("Input", { id: "number", type: "number" }),
    html("Input", { id: "box", type: "checkbox" }),
    html("Textarea", { id: "area" }),
  ]);
  type(get("text"), "a");
  type(get("number"), "5");
  type(get("area"), "b");
  get("box").click();
  expect(emitted.filter(([, props]) => !("n_clicks" in props))).toEqual([
    ["text", { value: "a" }],
    ["number", { value: "5" }],
    ["area", { value: "b" }],
    ["box", { checked: true }],
  ]);
});

test("a select takes its value after its options, and tells a change", async () => {
  const options = (...names: string[]) =>
    names.map((name) => html("Option", { value: name, children: name }));
  const { get, set, emitted } = pageOf(html("Select", { id: "s", value: "b", children: options("a", "b") }));
  const select = get<HTMLSelectElement>("s");
  expect(select.value).toBe("b");
  await set("s", { children: options("c", "b", "a") });
  expect(select.value).toBe("b");
  select.value = "a";
  select.dispatchEvent(new Event("change", { bubbles: true }));
  expect(emitted).toEqual([["s", { value: "a" }]]);
});

test("several of a select", () => {
  const options = ["a", "b", "c"].map((name) => html("Option", { value: name, children: name }));
  const { get, emitted } = pageOf(
    html("Select", { id: "s", multiple: true, value: ["a", "c"], children: options }),
  );
  const select = get<HTMLSelectElement>("s");
  expect([...select.options].map((option) => option.selected)).toEqual([true, false, true]);
  select.dispatchEvent(new Event("change", { bubbles: true }));
  expect(emitted).toEqual([["s", { value: ["a", "c"] }]]);
});

test("details tell that they were opened, once", async () => {
  const { get, set, emitted } = pageOf(html("Details", { id: "d" }));
  const details = get<HTMLDetailsElement>("d");
  details.open = true;
  details.dispatchEvent(new Event("toggle"));
  details.dispatchEvent(new Event("toggle"));
  expect(emitted).toEqual([["d", { open: true }]]);
  await set("d", { open: false });
  expect(details.open).toBe(false);
});

test("a dialog opens modally unless told otherwise, and tells when it is closed", async () => {
  const load = (file: string) => Promise.resolve(file === "late.js" ? late : extra);
  const { get, set, emitted } = pageOf(
    [html("Dialog", { id: "a", title: "t" }), html("Dialog", { id: "b", modal: false })],
    { load },
  );
  await vi.waitFor(() => expect(get("a").title).toBe("t"));
  const [a, b] = [get<HTMLDialogElement>("a"), get<HTMLDialogElement>("b")];
  const modal = vi.spyOn(a, "showModal");
  const plain = vi.spyOn(b, "show");
  await set("a", { open: true });
  await set("b", { open: true });
  expect([modal.mock.calls.length, plain.mock.calls.length]).toEqual([1, 1]);
  a.close("done");
  expect(emitted).toEqual([["a", { open: false, returnValue: "done" }]]);
  await set("b", { open: false });
  expect(b.open).toBe(false);
  await set("b", { open: true });
  await set("b", { open: undefined });
  expect(b.open).toBe(false);
});

test("a form without an action does not leave the page", () => {
  const { get } = pageOf([html("Form", { id: "stay" }), html("Form", { id: "go", action: "/x" })]);
  const submit = (id: string) => {
    const event = new Event("submit", { bubbles: true, cancelable: true });
    get(id).dispatchEvent(event);
    return event.defaultPrevented;
  };
  expect([submit("stay"), submit("go")]).toEqual([true, false]);
});

test("a refused prop is a problem, and the others are set", () => {
  const { get, problems } = pageOf(html("A", { id: "a", href: "javascript:alert(1)", title: "t" }));
  expect(get("a").hasAttribute("href")).toBe(false);
  expect(get("a").title).toBe("t");
  expect(problems).toEqual([
    { code: "refused_prop", component: "a", prop: "href", message: expect.stringContaining("script") },
  ]);
});

describe("no script is made of data", () => {
  const forbidden = ["script", "style", "html", "head", "body"];
  const spellings = forbidden.flatMap((name) => [
    name,
    name.toUpperCase(),
    `${name}El`,
    `${name[0]?.toUpperCase()}${name.slice(1)}El`,
    `${name.slice(0, -1)}${name.at(-1)?.toUpperCase()}El`,
    `${name.toUpperCase()}El`,
  ]);
  const namespaces = ["wscb_html", "wscb_dcc/Input", "wscb_dcc/Textarea", "wscb_dcc", "wscb_element"];
  const cases = namespaces.flatMap((namespace) => spellings.map((type) => [namespace, type] as const));

  test.each(cases)("%s %s", (namespace, type) => {
    const node = { type, namespace, props: { id: "x", src: "/evil.js", children: "evil()" } };
    const { get, root, problems } = pageOf([node, html("P", { id: "after", children: "drawn" })]);
    expect(root.querySelectorAll(forbidden.join())).toHaveLength(0);
    expect(get("after").textContent).toBe("drawn");
    if (get("x").localName === "wscb-broken") expect(problems[0]).toMatchObject({ code: "component_failed" });
  });

  test.each([
    ["wscb_html", "a b"],
    ["wscb_html", "a><script"],
    ["wscb_html", ""],
    ["wscb_element", "script"],
    ["wscb_element", "x-a>"],
    ["wscb_element", "X-A"],
    ["constructor", "script"],
    ["__proto__", "script"],
    ["toString", "script"],
    ["elsewhere", "Script"],
  ])("%s of %s is none of ours", (namespace, type) => {
    const { get, problems } = pageOf({ type, namespace, props: { id: "x" } });
    expect(get("x").localName).toBe("wscb-broken");
    expect(problems).toMatchObject([{ code: "component_failed", component: "x" }]);
  });

  test("elements whose names end in el are those", () => {
    const { get } = pageOf([
      html("Label", { id: "a" }),
      html("MapEl", { id: "b" }),
      html("ObjectEl", { id: "c" }),
    ]);
    expect(["a", "b", "c"].map((id) => get(id).localName)).toEqual(["label", "map", "object"]);
  });
});

test("controls of dcc have no count of clicks, but for the textarea", () => {
  const { get, emitted } = pageOf([dcc("Input", { id: "in" }), dcc("Textarea", { id: "area" })]);
  get("in").click();
  get("area").click();
  expect(emitted.map(([id]) => id)).toEqual(["area"]);
});

test("a live region is read once a second, however often it changes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { get, set } = pageOf(html("Output", { id: "o", children: "0" }));
  const busy = () => get("o").getAttribute("aria-busy");
  expect(busy()).toBeNull();
  await set("o", { children: "1" });
  await set("o", { children: "2" });
  expect(busy()).toBe("true");
  vi.advanceTimersByTime(1000);
  expect(busy()).toBeNull();
  await set("o", { children: "3" });
  expect(busy()).toBe("true");
  vi.advanceTimersByTime(2000);
  await set("o", { children: "4" });
  expect(busy()).toBeNull();
  vi.useRealTimers();
});
