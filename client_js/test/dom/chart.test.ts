import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  apartOf,
  CLOCK,
  clockTime,
  columnsOf,
  Edge,
  figure,
  indexAt,
  thin,
  whole,
} from "../../src/dom/chart-data";
import { drawLine, runs } from "../../src/dom/chart-line";

describe("columns", () => {
  test("typed arrays pass as they are", () => {
    const x = new Float64Array([1, 2]);
    const y = new Float32Array([3, 4]);
    expect(columnsOf({ x, y }, ["y"])).toEqual([x, y]);
    expect(columnsOf({ x, y }, ["y"])[0]).toBe(x);
  });

  test("what is no number is a gap; a column that is missing empties the chart", () => {
    expect(columnsOf({ x: [1, 2, 3], y: new Float64Array([1, Number.NaN, 3]) }, ["y"])).toEqual([
      [1, 2, 3],
      [1, null, 3],
    ]);
    expect(columnsOf({ x: [1, 2], y: ["a", 2n] }, ["y"])[1]).toEqual([null, 2]);
    expect(columnsOf({ x: [1] }, ["y"])).toEqual([[], []]);
    expect(columnsOf(null, [])).toEqual([[]]);
  });

  test("all are as long as the shortest", () => {
    expect(columnsOf({ x: new Float64Array([1, 2, 3]), y: [1, 2] }, ["y"])).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });
});

describe("thinning", () => {
  const series = fc.array(
    fc.record({ gap: fc.double({ min: 0.01, max: 2, noNaN: true }), y: fc.option(fc.integer()) }),
    {
      minLength: 1,
      maxLength: 200,
    },
  );

  test("keeps the least and the greatest, and x in order", () => {
    fc.assert(
      fc.property(series, fc.double({ min: 0.1, max: 10, noNaN: true }), (points, size) => {
        let at = 0;
        const x = points.map(({ gap }) => (at += gap));
        const y = points.map((point) => point.y);
        const [tx, ty] = thin([x, y], size) as [number[], (number | null)[]];
        const seen = (list: (number | null)[]) => list.filter((v) => v !== null);
        expect(Math.max(...seen(ty))).toBe(Math.max(...seen(y)));
        expect(Math.min(...seen(ty))).toBe(Math.min(...seen(y)));
        for (let i = 1; i < tx.length; i++) expect(tx[i]).toBeGreaterThan(tx[i - 1] as number);
        expect(ty.length).toBe(tx.length);
      }),
    );
  });

  test("a bucket does not change when the window slides", () => {
    const x = Array.from({ length: 100 }, (_, i) => i / 10);
    const y = x.map((v) => Math.sin(v * 7));
    const [all = []] = thin([x, y], 1);
    const [tail = []] = thin([x.slice(30), y.slice(30)], 1);
    expect(Array.from(all).slice(-tail.length)).toEqual(Array.from(tail));
  });
});

test("the index at an x", () => {
  expect([0, 1, 1.5, 9].map((at) => indexAt([1, 2, 3], at))).toEqual([-1, 0, 0, 2]);
  expect(indexAt([], 1)).toBe(-1);
});

test.each([
  [12.345, "%", "12.3%"],
  [1536, "bytes", "1.5 KiB"],
  [5 * 1024 ** 3, "bytes/s", "5 GiB/s"],
  [0.0025, "s", "2.5 ms"],
  [0.0000025, "s", "2.5 µs"],
  [3, "s", "3 s"],
  [21.5, "°C", "21.5 °C"],
  [0, "", "0"],
  [null, "%", "–"],
])("%d %s is %s", (value, unit, text) => {
  vi.spyOn(Number.prototype, "toLocaleString").mockImplementation(function (this: number, _, options) {
    return new Intl.NumberFormat("en", options).format(this);
  });
  expect(figure(value, unit)).toBe(text);
});

describe("the live edge", () => {
  /** A feed of `rate` points a second whose clock is `ahead` and whose points take `delay(i)` to come. */
  function feed(rate: number, ahead: number, delay: (i: number) => number, seconds = 20) {
    const edge = new Edge();
    const shown: { now: number; at: number; newest: number }[] = [];
    const arrivals = Array.from({ length: rate * seconds }, (_, i) => ({
      x: i / rate + ahead,
      now: i / rate + delay(i),
    }));
    let next = 0;
    let newest = 0;
    for (let frame = 0; frame < seconds * 60; frame++) {
      const now = frame / 60;
      while (next < arrivals.length && (arrivals[next]?.now as number) <= now) {
        const point = arrivals[next++] as { x: number; now: number };
        edge.arrived(point.x, point.now);
        newest = point.x;
      }
      const at = edge.at(now);
      if (at !== undefined) shown.push({ now, at, newest });
    }
    return shown.slice(shown.length / 4);
  }

  test.each([
    ["20 Hz", 20, 0],
    ["20 Hz, a server an hour ahead", 20, 3600],
    ["1 Hz", 1, -50],
  ])("%s: points are there before it reaches them, and it moves evenly", (_, rate, ahead) => {
    const jitter = (i: number) => 0.02 + ((i * 7919) % 13) / 1000;
    const shown = feed(rate, ahead, jitter);
    for (const [i, { at, newest }] of shown.entries()) {
      expect(newest).toBeGreaterThanOrEqual(at);
      expect(newest - at).toBeLessThan(1.5 / rate + 0.3);
      if (i) expect(at - (shown[i - 1]?.at as number)).toBeCloseTo(1 / 60, 2);
    }
  });

  test("it goes on when no points come", () => {
    const edge = new Edge();
    expect(edge.at(0)).toBeUndefined();
    edge.arrived(100, 0);
    const first = edge.at(0) as number;
    expect((edge.at(10) as number) - first).toBeCloseTo(10, 1);
  });
});

describe("lines", () => {
  test("runs without gaps", () => {
    expect(runs([null, 1, 2, null, 3], 0, 4)).toEqual([
      [1, 2],
      [4, 4],
    ]);
    expect(runs([], 0, -1)).toEqual([]);
  });

  test("pieces meet: each begins where the last one ended, and every point is there", () => {
    const calls: [string, number, number][] = [];
    const note = (name: string) => (x: number, y: number) => calls.push([name, x, y]);
    const ctx = new Proxy({} as Record<string, unknown>, {
      get: (own: Record<string, unknown>, name: string) =>
        own[name] ?? (/^(moveTo|lineTo)$/.test(name) ? note(name) : () => undefined),
      set: Reflect.set,
    });
    const xs = Array.from({ length: 100 }, (_, i) => i);
    const u = {
      ctx,
      bbox: { left: 0, top: 0, width: 99, height: 10 },
      data: [xs, xs.map((x) => x % 10)],
      scales: { x: { min: 0, max: 99 }, y: { min: 0, max: 10 } },
      series: [{}, { scale: "y" }],
    };
    drawLine(u as never, 1, { color: "red", fill: null, width: 1 }, 1);
    expect(calls.filter(([name]) => name === "moveTo").map(([, x]) => x)).toEqual([0, 32, 64, 96]);
    expect(new Set(calls.map(([, x]) => x)).size).toBe(100);
    expect(calls.find(([, x]) => x === 5)?.[2]).toBe(5);
  });
});

test("a label that would be cut at the edge is left out", () => {
  expect(["14:03:05", "14:03"].map((text) => whole(text, 28))).toEqual(["14:03:05", "14:03"]);
  expect(["14:03:05", "14:03"].map((text) => whole(text, 20))).toEqual(["", "14:03"]);
});

describe("the labels of a time axis", () => {
  test("differ from one tick to the next, however far these are apart", () => {
    expect(CLOCK).toEqual(CLOCK.toSorted((a, b) => a - b));
    for (const apart of CLOCK) {
      const texts = [0, 1].map((i) => clockTime(1_750_000_000 + i * apart, apart));
      expect(new Set(texts).size, `${apart} s`).toBe(2);
    }
  });

  test("are never a part of a second apart", () => {
    expect(CLOCK[0]).toBe(1);
    expect(CLOCK.every(Number.isInteger)).toBe(true);
  });

  test("have room for their text and a gap, and so have large numbers", () => {
    expect(apartOf([])).toBeGreaterThan("00:00:00".length * 7);
    expect(apartOf([0, 100])).toBe(apartOf([]));
    expect(apartOf([0, 1_795_360_460.5])).toBeGreaterThan("1,795,360,460".length * 7);
  });
});
