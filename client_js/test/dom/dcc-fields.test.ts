// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as dates from "../../src/dom/dcc/dates";
import * as files from "../../src/dom/dcc/files";
import * as interval from "../../src/dom/dcc/interval";
import * as range from "../../src/dom/dcc/range";
import { control, enter } from "./control";

beforeEach(() => {
  document.body.innerHTML = "";
});

describe("Interval", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("counts, goes on from what is set, and ends at the most", () => {
    const { emitted, set } = control(interval.mount, "Interval", { interval: 100, max_intervals: 3 });
    vi.advanceTimersByTime(250);
    expect(emitted).toEqual([{ n_intervals: 1 }, { n_intervals: 2 }]);
    vi.advanceTimersByTime(1000);
    expect(emitted.length).toBe(3);
    set({ n_intervals: 1 });
    vi.advanceTimersByTime(1000);
    expect(emitted.slice(3)).toEqual([{ n_intervals: 2 }, { n_intervals: 3 }]);
  });

  test("what comes back of its own count does not put off the next", () => {
    const { emitted, set } = control(interval.mount, "Interval", { interval: 100 });
    vi.advanceTimersByTime(190);
    set({ n_intervals: 1 });
    vi.advanceTimersByTime(10);
    expect(emitted.length).toBe(2);
  });

  test("stands still while it is disabled, with no intervals, and when it is gone", () => {
    const { emitted, set, mounted } = control(interval.mount, "Interval", { disabled: true });
    vi.advanceTimersByTime(5000);
    set({ disabled: false, max_intervals: 0 });
    vi.advanceTimersByTime(5000);
    expect(emitted).toEqual([]);
    set({ max_intervals: -1 });
    vi.advanceTimersByTime(1000);
    mounted.destroy?.();
    vi.advanceTimersByTime(5000);
    expect(emitted).toEqual([{ n_intervals: 1 }]);
  });
});

describe("RangeSlider", () => {
  const slider = (props: Record<string, unknown>) => {
    const made = control(range.mount, "RangeSlider", { min: 0, max: 10, step: 1, ...props });
    const [low, high] = [...made.el.querySelectorAll("input")] as [HTMLInputElement, HTMLInputElement];
    return { ...made, low, high };
  };

  test("begins with the whole range, and tells at the end of a move", () => {
    const { low, high, emitted } = slider({});
    expect([low.value, high.value]).toEqual(["0", "10"]);
    enter(low, "3", "input");
    expect(emitted).toEqual([{ drag_value: [3, 10] }]);
    enter(low, "3");
    expect(emitted[1]).toEqual({ value: [3, 10] });
  });

  test("a thumb stops at the other one, passes it, or pushes it", () => {
    const stops = slider({ value: [2, 4] });
    enter(stops.low, "7", "input");
    expect(stops.emitted[0]).toEqual({ drag_value: [4, 4] });
    const passes = slider({ value: [2, 4], allowCross: true, updatemode: "drag" });
    enter(passes.low, "7", "input");
    expect(passes.emitted[0]).toEqual({ drag_value: [4, 7], value: [4, 7] });
    const pushes = slider({ value: [2, 4], pushable: 2 });
    enter(pushes.low, "5", "input");
    enter(pushes.high, "1", "input");
    enter(pushes.low, "10", "input");
    expect(pushes.emitted.map(({ drag_value }) => drag_value)).toEqual([
      [5, 7],
      [0, 2],
      [8, 10],
    ]);
  });

  test("is named, and says what it is told of its field", () => {
    const { el, low, high, set } = slider({ title: "Price", disabled: true, marks: { 5: "half" } });
    expect([el.getAttribute("role"), el.title, low.disabled]).toEqual(["group", "Price", true]);
    expect([low.ariaLabel, high.ariaLabel]).toEqual(["Lowest", "Highest"]);
    expect(el.querySelector(".wscb-marks")?.textContent).toBe("half");
    set({ disabled: false, value: [1, 2] });
    expect([low.disabled, low.value, high.value]).toEqual([false, "1", "2"]);
  });
});

describe("DatePickerSingle", () => {
  test("tells a day, and nothing while a year is typed or the day is not taken", () => {
    const { el, emitted } = control(dates.mount, "DatePickerSingle", {
      date: "2026-11-22",
      disabled_days: ["2026-11-11"],
      "aria-label": "Day",
    });
    const field = el.querySelector("input") as HTMLInputElement;
    expect([field.value, field.getAttribute("aria-label")]).toEqual(["2026-11-22", "Day"]);
    enter(field, "0002-11-22");
    enter(field, "2026-11-11");
    expect(field.validationMessage).toBe("This day cannot be chosen.");
    expect(emitted).toEqual([]);
    enter(field, "2026-11-12");
    enter(field, "");
    expect(emitted).toEqual([{ date: "2026-11-12" }, { date: null }]);
  });

  test("is emptied by its button, which is there when there is something to empty", () => {
    const { el, emitted, set } = control(dates.mount, "DatePickerSingle", { clearable: true });
    const button = el.querySelector("button") as HTMLButtonElement;
    expect(button.hidden).toBe(true);
    set({ date: "2026-11-22T12:30:00" });
    expect([button.hidden, el.querySelector("input")?.value]).toEqual([false, "2026-11-22"]);
    button.click();
    expect(emitted).toEqual([{ date: null }]);
    expect(document.activeElement).toBe(el.querySelector("input"));
  });
});

describe("DatePickerRange", () => {
  const picker = (props: Record<string, unknown>) => {
    const made = control(dates.mount, "DatePickerRange", props);
    const [first, last] = [...made.el.querySelectorAll("input")] as [HTMLInputElement, HTMLInputElement];
    return { ...made, first, last };
  };

  test("the second day is never too near the first one", () => {
    const { first, last, emitted } = picker({
      start_date: "2026-11-01",
      end_date: "2026-11-05",
      minimum_nights: 2,
      max_date_allowed: "2026-11-30",
    });
    expect([last.min, last.max, first.max]).toEqual(["2026-11-03", "2026-11-30", "2026-11-28"]);
    enter(first, "2026-11-03");
    enter(first, "2026-11-04");
    expect(emitted).toEqual([{ start_date: "2026-11-03" }, { start_date: "2026-11-04", end_date: null }]);
    expect(last.value).toBe("");
  });

  test("tells both at once where that is asked for", () => {
    const { first, last, emitted, el } = picker({ updatemode: "bothdates", clearable: true });
    enter(first, "2026-11-03");
    expect(emitted).toEqual([]);
    enter(last, "2026-11-04");
    expect(emitted).toEqual([{ start_date: "2026-11-03", end_date: "2026-11-04" }]);
    el.querySelector("button")?.click();
    expect(emitted[1]).toEqual({ start_date: null, end_date: null });
  });
});

describe("Upload", () => {
  const upload = (props: Record<string, unknown> = {}) => {
    const made = control(files.mount, "Upload", props);
    return { ...made, field: made.el.querySelector("input") as HTMLInputElement };
  };
  const give = (field: HTMLInputElement, ...given: File[]) => {
    Object.defineProperty(field, "files", { value: given, configurable: true });
    field.dispatchEvent(new Event("change"));
  };
  const file = (name: string, text = "x", type = "") => new File([text], name, { type, lastModified: 5000 });

  test("tells one file, or several as lists", async () => {
    const one = upload();
    give(one.field, file("a.txt"), file("b.txt"));
    await vi.waitFor(() => expect(one.emitted.length).toBe(1));
    const { contents, ...rest } = one.emitted[0] as Record<string, unknown>;
    expect(rest).toEqual({ filename: "a.txt", last_modified: 5 });
    expect(contents).toMatch(/^data:.*;base64,eA==$/);
    const many = upload({ multiple: true });
    give(many.field, file("a.txt"), file("b.txt"));
    await vi.waitFor(() => expect(many.emitted[0]?.filename).toEqual(["a.txt", "b.txt"]));
  });

  test("takes only what fits", async () => {
    const { field, emitted, el } = upload({
      accept: ".CSV, image/*, text/html",
      max_size: 3,
      min_size: 1,
      multiple: true,
      className_reject: "no way",
    });
    const given = [file("a.csv"), file("b.png", "x", "image/png"), file("c", "x", "text/html")];
    const refused = [file("d.txt", "x", "text/plain"), file("e.csv", "long"), file("f.csv", "")];
    give(field, ...given, ...refused);
    await vi.waitFor(() => expect(emitted[0]?.filename).toEqual(["a.csv", "b.png", "c"]));
    expect([el.hasAttribute("data-reject"), el.classList.contains("way")]).toEqual([true, true]);
  });

  test("is opened by keys and clicks, unless it is not to be, or holds a button that is", () => {
    const { el, field, set } = upload();
    const click = vi.spyOn(field, "click").mockImplementation(() => {});
    el.click();
    el.dispatchEvent(new KeyboardEvent("keydown", { key: " " }));
    expect(click).toHaveBeenCalledTimes(2);
    expect([el.getAttribute("role"), el.tabIndex]).toEqual(["button", 0]);
    set({ disabled: true });
    el.click();
    set({ disabled: false, disable_click: true });
    el.click();
    expect(click).toHaveBeenCalledTimes(2);
    el.append(document.createElement("button"));
    set({ disable_click: false });
    expect([el.getAttribute("role"), el.tabIndex]).toEqual(["group", -1]);
  });
});

test("Download saves what is new, once", () => {
  const made: HTMLAnchorElement[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    made.push(this);
  });
  const { set } = control(files.mount, "Download", { base64: true });
  const data = { content: "YWI=", filename: "a.bin" };
  set({ data });
  set({ data });
  set({ data: { content: "x", filename: "b", base64: false } });
  expect(made.map((a) => a.download)).toEqual(["a.bin", "b"]);
  expect(made[0]?.href).toMatch(/^blob:/);
});
