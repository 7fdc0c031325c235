// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Adapter } from "../../src/dom/adapters/adapter";
import { checks } from "../../src/dom/adapters/checks";
import { dropdown } from "../../src/dom/adapters/dropdown";
import { stepFor } from "../../src/dom/adapters/marks";
import { optionsOf } from "../../src/dom/adapters/options";
import { slider } from "../../src/dom/adapters/slider";
import * as extra from "../../src/dom/extra";
import * as late from "../../src/late";
import { dcc, pageOf, press, type } from "./page";

type Props = Record<string, unknown>;
const NOW = 1_700_000_000_000;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["Date", "setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A control alone, with what it emits taken up as the store would. */
function control(mount: Adapter["mount"], kind: string, props: Props, tag = "div") {
  const el = document.body.appendChild(document.createElement(tag));
  const emitted: Props[] = [];
  const take = (changed: Props) => {
    emitted.push(changed);
    mounted.set(changed);
  };
  const mounted = mount(el, kind, props, take, (error) => {
    throw error;
  });
  mounted.set(props);
  return { el, emitted, set: (changed: Props) => mounted.set(changed) };
}

function choose(el: Element, index: number) {
  (el as HTMLSelectElement).selectedIndex = index;
  el.dispatchEvent(new Event("change", { bubbles: true }));
}

describe("Input", () => {
  const input = (props: Props) => {
    const page = pageOf(dcc("Input", { id: "in", ...props }));
    return { ...page, field: page.get<HTMLInputElement>("in") };
  };

  test("tells each change", () => {
    const { field, emitted } = input({});
    type(field, "a");
    type(field, "ab");
    expect(emitted).toEqual([
      ["in", { value: "a" }],
      ["in", { value: "ab" }],
    ]);
  });

  test("with debounce, tells when it is left or Enter is pressed", () => {
    const { field, emitted } = input({ debounce: true, n_submit: 4 });
    type(field, "a");
    expect(emitted).toEqual([]);
    press(field, "Enter");
    expect(emitted).toEqual([["in", { value: "a", n_submit: 5, n_submit_timestamp: NOW }]]);
    type(field, "b");
    field.blur();
    expect(emitted[1]).toEqual(["in", { value: "b", n_blur: 1, n_blur_timestamp: NOW }]);
  });

  test("with seconds, tells when they have passed", () => {
    const { field, emitted } = input({ debounce: 0.5 });
    type(field, "a");
    vi.advanceTimersByTime(400);
    type(field, "ab");
    vi.advanceTimersByTime(499);
    expect(emitted).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(emitted).toEqual([["in", { value: "ab" }]]);
  });

  test("what is not told yet is not overwritten while it is being typed", async () => {
    const { field, set } = input({ debounce: true, value: "" });
    type(field, "mine");
    await set("in", { value: "theirs" });
    expect(field.value).toBe("mine");
    field.blur();
    await set("in", { value: "theirs" });
    expect(field.value).toBe("theirs");
  });

  test("a number is told as one, and as null where there is none", () => {
    const { field, emitted } = input({ type: "number", min: 3 });
    expect(field.step).toBe("any");
    for (const text of ["4", "", "4.5"]) type(field, text);
    expect(emitted.map(([, { value }]) => value)).toEqual([4, null, 4.5]);
  });

  test("the echo of what is not valid yet leaves the text alone", async () => {
    const { field, emitted, page } = input({ type: "number", min: 10 });
    Object.defineProperty(field, "validity", { value: { valid: false } });
    type(field, "5");
    await page.painted();
    expect(emitted).toEqual([["in", { value: null }]]);
    expect(field.value).toBe("5");
  });

  test("a textarea has no submit, and counts clicks", () => {
    const { get, emitted } = pageOf(dcc("Textarea", { id: "t", rows: 3 }));
    const area = get<HTMLTextAreaElement>("t");
    expect(area.getAttribute("rows")).toBe("3");
    press(area, "Enter");
    expect(emitted).toEqual([]);
    area.click();
    expect(emitted).toEqual([["t", { n_clicks: 1, n_clicks_timestamp: NOW }]]);
  });
});

test("options come in three forms", () => {
  expect(optionsOf(["a", 1])).toEqual([
    { value: "a", label: "a" },
    { value: 1, label: "1" },
  ]);
  expect(optionsOf({ nyc: "New York" })).toEqual([{ value: "nyc", label: "New York" }]);
  expect(optionsOf([{ value: 2, disabled: true }, "b"])).toEqual([
    { value: 2, label: "2", disabled: true },
    { value: "b", label: "b" },
  ]);
  expect(optionsOf(null)).toEqual([]);
  expect(optionsOf(new Float64Array([1952, 2007]))).toEqual([
    { value: 1952, label: "1952" },
    { value: 2007, label: "2007" },
  ]);
});

describe("Dropdown, one of several", () => {
  const single = (props: Props) =>
    control(dropdown, "Dropdown", { options: ["a", 1, "c"], ...props }, "select");

  test("keeps the type of a value, and null is no choice", () => {
    const { el, emitted } = single({ value: 1 });
    expect((el as HTMLSelectElement).selectedIndex).toBe(2);
    choose(el, 1);
    choose(el, 0);
    expect(emitted).toEqual([{ value: "a" }, { value: null }]);
  });

  test("a value that is not among them chooses nothing and tells nothing", () => {
    const { el, emitted } = single({ value: "1" });
    expect((el as HTMLSelectElement).selectedIndex).toBe(0);
    expect(emitted).toEqual([]);
  });

  test("new options keep the choice and the elements that stay", () => {
    const { el, set } = single({ value: "c", clearable: false });
    const first = el.children[1];
    expect((el.children[0] as HTMLOptionElement).disabled).toBe(true);
    set({ options: ["a", "c"] });
    expect(el.children[1]).toBe(first);
    expect((el as HTMLSelectElement).selectedIndex).toBe(2);
  });
});

describe("Dropdown, with a list", () => {
  const options = [
    { value: 1, label: "One" },
    { value: 2, label: "Two" },
    { value: 3, label: "Three", disabled: true },
  ];
  const many = (props: Props) => {
    const made = control(dropdown, "Dropdown", { options, ...props });
    const field = made.el.querySelector("input") as HTMLInputElement;
    const list = made.el.querySelector("ul") as HTMLElement;
    return { ...made, field, list, labels: () => [...list.children].map((li) => li.textContent) };
  };

  test("several are chosen by keys, told in the order of the choices", () => {
    const { field, list, emitted } = many({ multi: true, value: [2] });
    field.focus();
    expect(field.value).toBe("Two");
    press(field, "ArrowDown");
    expect(list.hidden).toBe(false);
    expect(field.getAttribute("aria-activedescendant")).toBe(list.children[1]?.id);
    press(field, "ArrowUp");
    press(field, "Enter");
    expect(emitted).toEqual([{ value: [2, 1] }]);
    expect([...list.children].map((li) => li.ariaSelected)).toEqual(["true", "true", "false"]);
    press(field, "Enter");
    expect(emitted[1]).toEqual({ value: [2] });
    press(field, "Enter");
    press(field, "Escape");
    expect(list.hidden).toBe(true);
    expect(field.value).toBe("Two, One");
  });

  test("one that is disabled is not chosen", () => {
    const { field, list, emitted } = many({ multi: true });
    field.click();
    (list.children[2] as HTMLElement).click();
    expect(emitted).toEqual([]);
    (list.children[0] as HTMLElement).click();
    expect(emitted).toEqual([{ value: [1] }]);
  });

  test("a search filters, Enter takes the first that is left, and the list closes", () => {
    const { field, list, labels, emitted } = many({ searchable: true });
    field.click();
    type(field, "tw");
    expect(labels()).toEqual(["Two"]);
    press(field, "Enter");
    expect(emitted).toEqual([{ search_value: "tw" }, { value: 2 }, { search_value: null }]);
    expect(list.hidden).toBe(true);
    expect(field.value).toBe("Two");
  });

  test("is cleared by a button, that is there when there is something to clear", () => {
    const { el, emitted } = many({ multi: true, value: [1] });
    const clear = el.querySelector("button") as HTMLButtonElement;
    expect(clear.hidden).toBe(false);
    clear.click();
    expect(emitted).toEqual([{ value: [] }]);
    expect(clear.hidden).toBe(true);
  });

  test("disabled does not open", () => {
    const { field, list } = many({ multi: true, disabled: true });
    press(field, "ArrowDown");
    expect(list.hidden).toBe(true);
    expect(field.disabled).toBe(true);
  });
});

describe("Slider", () => {
  const range = (el: Element) => el.querySelector("input") as HTMLInputElement;
  const drag = (el: Element, value: number) => {
    range(el).value = String(value);
    range(el).dispatchEvent(new Event("input"));
  };

  test("tells the value when it is let go, and where it is meanwhile", () => {
    const { el, emitted } = control(slider, "Slider", { value: 5, max: 100 });
    drag(el, 20);
    range(el).dispatchEvent(new Event("change"));
    expect(emitted).toEqual([{ drag_value: 20 }, { value: 20 }]);
  });

  test("tells the value while it is dragged, if asked to", () => {
    const { el, emitted } = control(slider, "Slider", { updatemode: "drag", max: 100 });
    drag(el, 7);
    expect(emitted).toEqual([{ drag_value: 7, value: 7 }]);
  });

  test("without a value stands at its least", () => {
    const { el, emitted } = control(slider, "Slider", { min: 2, max: 4 });
    expect([range(el).value, range(el).step]).toEqual(["2", "1"]);
    expect(emitted).toEqual([]);
  });

  test("the figure and the marks", () => {
    const marks = { "0": "low", "10": { label: "high", style: { color: "red" } } };
    const { el } = control(slider, "Slider", {
      max: 10,
      value: 3,
      marks,
      tooltip: { template: "{value} °C" },
    });
    expect(el.querySelector("output")?.textContent).toBe("3 °C");
    const [low, high] = [...el.querySelectorAll("span")];
    expect([low?.textContent, low?.style.left, high?.style.left, high?.style.color]).toEqual([
      "low",
      "0%",
      "100%",
      "red",
    ]);
  });

  test.each([
    [0, 100, 1],
    [0, 1, 0.01],
    [0, 5, 1],
    [0.5, 5, 0.01],
    [0, 10_000, 1],
  ])("the step from %d to %d is %d", (min, max, step) => expect(stepFor(min, max)).toBe(step));
});

describe("Checklist and RadioItems", () => {
  const boxes = (el: Element) => [...el.querySelectorAll("input")];

  test("a checklist tells a list, in the order of the ticks", () => {
    const { el, emitted } = control(checks, "Checklist", {
      options: ["a", 2, "c"],
      value: ["c", "not there"],
    });
    boxes(el)[1]?.click();
    boxes(el)[0]?.click();
    boxes(el)[2]?.click();
    expect(emitted.map(({ value }) => value)).toEqual([
      ["c", "not there", 2],
      ["c", "not there", 2, "a"],
      ["not there", 2, "a"],
    ]);
    expect(el.getAttribute("role")).toBe("group");
  });

  test("radio items tell one", () => {
    const { el, emitted } = control(checks, "RadioItems", { options: { a: "A", b: "B" }, value: "a" });
    expect(boxes(el).map((box) => box.checked)).toEqual([true, false]);
    boxes(el)[1]?.click();
    expect(emitted).toEqual([{ value: "b" }]);
  });

  test("a set from the server ticks, tells nothing, and keeps the boxes", () => {
    const { el, emitted, set } = control(checks, "Checklist", { options: ["a", "b"] });
    const before = boxes(el);
    set({ value: ["b"] });
    expect(boxes(el).map((box) => box.checked)).toEqual([false, true]);
    expect(boxes(el)).toEqual(before);
    expect(emitted).toEqual([]);
  });
});

describe("Store", () => {
  const key = "wscb:/app/s";
  const open = async (props: Props) => {
    const opened = pageOf(dcc("Store", { id: "s", ...props }), {
      page: { base: "/app/" },
      load: (file) => Promise.resolve(file === "late.js" ? late : extra),
    });
    await opened.page.ready;
    return opened;
  };
  beforeEach(() => localStorage.clear());

  test("in memory, stamps each change and leaves nothing behind", async () => {
    const { set, emitted } = await open({ data: 1 });
    await set("s", { data: 2 });
    expect(emitted).toEqual([
      ["s", { modified_timestamp: NOW }],
      ["s", { modified_timestamp: NOW }],
    ]);
    expect(localStorage.length).toBe(0);
  });

  test("kept data comes back, typed arrays and all", async () => {
    const data = { list: new Float32Array([1.5, Number.NaN]), big: 2n ** 60n, plain: ["x", null] };
    await open({ storage_type: "local", data });
    vi.setSystemTime(NOW + 1000);
    const { emitted, store } = await open({ storage_type: "local" });
    expect(emitted).toEqual([["s", { data, modified_timestamp: NOW }]]);
    expect(store.get("s", "data")).toEqual(data);
  });

  test("what is the same as what is kept tells nothing", async () => {
    await open({ storage_type: "local", data: { a: 1 } });
    expect((await open({ storage_type: "local", data: { a: 1 } })).emitted).toEqual([]);
  });

  test("clear_data takes it away", async () => {
    const { set, emitted } = await open({ storage_type: "local", data: 1 });
    await set("s", { clear_data: true });
    expect(emitted[1]).toEqual(["s", { clear_data: false, data: null, modified_timestamp: -1 }]);
    expect(localStorage.getItem(key)).toBeNull();
  });

  test("another tab's change is told", async () => {
    const { emitted } = await open({ storage_type: "local" });
    localStorage.setItem(key, JSON.stringify({ data: 5, modified_timestamp: 7 }));
    dispatchEvent(new StorageEvent("storage", { key }));
    expect(emitted).toEqual([["s", { data: 5, modified_timestamp: 7 }]]);
  });

  test("a browser that refuses storage still has the page", async () => {
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new Error("denied");
    });
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("denied");
    });
    const { store, problems } = await open({ storage_type: "local", data: 1 });
    expect([store.get("s", "data"), problems]).toEqual([1, []]);
  });

  test("is there before a call is made, and is waited for by no page that has none", async () => {
    expect(pageOf(dcc("Slider", { id: "x" })).page.ready).toBeUndefined();
    const { page, store } = pageOf(dcc("Store", { id: "s", storage_type: "local", data: 1 }));
    await page.ready;
    expect(store.get("s", "data")).toBe(1);
  });
});
