// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { automatic } from "../../src/dom/adapters/marks";
import * as range from "../../src/dom/dcc/range";
import { control, enter } from "./control";

type Props = Record<string, unknown>;

beforeEach(() => {
  document.body.innerHTML = "";
});
afterEach(() => vi.unstubAllGlobals());

const marks = (el: Element) => [...el.querySelectorAll(".wscb-marks span")].map((mark) => mark.textContent);
const sliders = (props: Props) =>
  (["Slider", "RangeSlider"] as const).map((type) => control(range.mount, type, props));

describe("marks of their own accord", () => {
  test.each<[Props, number, string]>([
    [{ min: 0, max: 20, step: 5 }, 800, "0 5 10 15 20"],
    [{ min: 0, max: 10 }, 800, "0 1 2 3 4 5 6 7 8 9 10"],
    [{ min: 0, max: 10 }, 180, "0 2 4 6 8 10"],
    [{ max: 100 }, 400, "0 10 20 30 40 50 60 70 80 90 100"],
    [{}, 200, "0 0.25 0.5 0.75 1"],
    [{ min: 3 }, 100, "3 3.5 4"],
    [{ min: -1, max: 1, step: 0.5 }, 400, "-1 -0.5 0 0.5 1"],
    [{ min: 3, max: 97, step: 2 }, 300, "3 23 43 63 83 97"],
    [{ min: 0, max: 1_000_000 }, 400, "0 200K 400K 600K 800K 1M"],
    [{ min: 0, max: 0.001 }, 200, "0 0.0005 0.001"],
    [{ min: 1952, max: 2007 }, 90, "1952 2007"],
    [{ min: 1952, max: 2007 }, 20, "1952 2007"],
    [{ min: 5, max: 5 }, 400, ""],
    [{ min: 0, max: 10, step: 0 }, 400, ""],
    [{ min: 0, max: 10, step: -1 }, 400, ""],
  ])("%j on %d px", (props, width, wanted) => {
    const found = automatic(props, width);
    expect(found.map(([, label]) => label).join(" ")).toBe(wanted);
  });

  test("no text overlaps another one, on any line", () => {
    for (const width of [60, 150, 333, 700, 2000]) {
      for (const [min, max, step] of [
        [0, 7, undefined],
        [-1000, 1000, 7],
        [0.1, 0.9, 0.1],
        [123456, 9876543, 1],
        [0, 1e12, undefined],
      ]) {
        const props = { min, max, step };
        const placed = automatic(props, width).map(([at, label]) => {
          const x = ((Number(at) - Number(min)) / (Number(max) - Number(min))) * width;
          return [x - label.length * 3.75, x + label.length * 3.75] as const;
        });
        expect(placed.length).toBeLessThan(60);
        if (placed.length > 2)
          for (const [i, [left]] of placed.entries())
            if (i) expect(left).toBeGreaterThan(placed[i - 1]?.[1] as number);
      }
    }
  });

  test("say where the scale ends, where nothing else does, and those beyond its ends are not shown", () => {
    for (const [props, ends, shown] of [
      [{ marks: { 10: "x", 20: "y" } }, ["10", "20"], ["x", "y"]],
      [{ marks: { "-5": "x", 20: "y" }, min: 0 }, ["0", "20"], ["y"]],
      [{ marks: { 10: "x", 20: "y" }, max: 15 }, ["10", "15"], ["x"]],
      [{ marks: {} }, ["0", "1"], []],
      [{ marks: { 5: "x" } }, ["5", "6"], ["x"]],
    ] as [Props, string[], string[]][])
      for (const { el } of sliders(props)) {
        const range = el.querySelector("input");
        expect([range?.min, range?.max]).toEqual(ends);
        expect(marks(el)).toEqual(shown);
      }
  });

  test("are those of the scale as it is now; and none, or others, when that is said", () => {
    for (const { el, set } of sliders({ min: 0, max: 10, step: 5 })) {
      expect(marks(el)).toEqual(["0", "5", "10"]);
      set({ max: 20 });
      expect(marks(el)).toEqual(["0", "5", "10", "15", "20"]);
      set({ marks: { 3: "three" } });
      expect(marks(el)).toEqual(["three"]);
      set({ marks: null });
      expect(marks(el)).toEqual([]);
      set({ marks: undefined });
      expect(marks(el).length).toBe(5);
    }
  });

  test("are drawn anew when the line becomes another width", () => {
    const changed: (() => void)[] = [];
    const disconnect = vi.fn();
    vi.stubGlobal(
      "ResizeObserver",
      class {
        constructor(then: () => void) {
          changed.push(then);
        }
        observe() {}
        disconnect = disconnect;
      },
    );
    const { el, set, mounted } = control(range.mount, "Slider", { min: 0, max: 10 });
    const row = el.querySelector(".wscb-marks") as HTMLElement;
    const now = (width: number) => {
      Object.defineProperty(row, "clientWidth", { value: width, configurable: true });
      changed[0]?.();
    };
    now(100);
    expect(marks(el)).toEqual(["0", "5", "10"]);
    now(800);
    expect(marks(el).length).toBe(11);
    row.firstElementChild?.remove();
    now(800);
    expect(marks(el).length).toBe(10);
    set({ marks: null });
    now(100);
    expect(marks(el)).toEqual([]);
    mounted.destroy?.();
    expect(disconnect).toHaveBeenCalled();
  });
});

describe("a step of null: the values that have marks", () => {
  const props = { min: 0, max: 10, step: null, marks: { 10: "c", 0: "a", 3: "b", 99: "out" } };
  const press = (field: HTMLElement, key: string) =>
    field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

  test("a thumb that is dragged goes to the nearest", () => {
    const { el, emitted } = control(range.mount, "Slider", { ...props, value: 0 });
    const thumb = el.querySelector("input") as HTMLInputElement;
    expect(thumb.step).toBe("any");
    enter(thumb, "6", "input");
    enter(thumb, thumb.value);
    expect([emitted, thumb.value]).toEqual([[{ drag_value: 3 }, { value: 3 }], "3"]);
  });

  test("keys go from one to the next, and stop at the ends", () => {
    const { el, emitted } = control(range.mount, "Slider", { ...props, value: 5 });
    const thumb = el.querySelector("input") as HTMLInputElement;
    for (const key of ["ArrowRight", "ArrowUp", "ArrowLeft", "PageDown", "ArrowDown", "a"]) press(thumb, key);
    expect(emitted.flatMap(({ value = [] }) => value)).toEqual([10, 3, 0]);
    thumb.disabled = true;
    press(thumb, "ArrowRight");
    expect(thumb.value).toBe("0");
  });

  test("both thumbs of a range", () => {
    const { el, emitted } = control(range.mount, "RangeSlider", { ...props, value: [0, 10] });
    const [low, high] = [...el.querySelectorAll("input")] as [HTMLInputElement, HTMLInputElement];
    press(low, "ArrowRight");
    enter(high, "4", "input");
    expect(emitted.at(-1)).toEqual({ drag_value: [3, 3] });
  });

  test("with a step, and without marks, keys are the browser's", () => {
    for (const more of [{ step: 1 }, { marks: {} }]) {
      const { el } = control(range.mount, "Slider", { ...props, ...more });
      expect(press(el.querySelector("input") as HTMLElement, "ArrowRight")).toBe(true);
    }
  });
});
