/** What a chart draws: columns from a prop, thinned to what a screen can show, and figures with units. Pure. */

export type Column = ArrayLike<number | null>;

/** The named columns, `x` first, all as long as the shortest; a number that is none becomes a gap. */
export function columnsOf(data: unknown, keys: string[]): Column[] {
  const map = (data ?? {}) as Record<string, unknown>;
  const columns = ["x", ...keys].map((key) => column(map[key]));
  const length = Math.min(...columns.map((c) => c.length));
  return columns.map((c) => (c.length === length ? c : Array.prototype.slice.call(c, 0, length)));
}

function column(value: unknown): Column {
  const list = (ArrayBuffer.isView(value) || Array.isArray(value) ? value : []) as Column;
  const fine = (v: unknown) => typeof v === "number" && Number.isFinite(v);
  for (let i = 0; i < list.length; i++) {
    const v = list[i];
    if (v !== null && !fine(v))
      return Array.from(list, (n) => (fine(n) || typeof n === "bigint" ? Number(n) : null));
  }
  return list;
}

/**
 * The least and the greatest of each `size` of x, in the order in which they came. The borders are multiples of
 * `size`, so that a point is in the same bucket in every frame and a line that slides does not shimmer.
 */
export function thin([x = [], ...series]: Column[], size: number): Column[] {
  const out: (number | null)[][] = [[], ...series.map(() => [])];
  for (let start = 0, end: number; start < x.length; start = end) {
    const bucket = Math.floor((x[start] as number) / size);
    end = start + 1;
    while (end < x.length && Math.floor((x[end] as number) / size) === bucket) end++;
    if (end === start + 1) {
      out[0]?.push(x[start] as number);
      series.forEach((y, i) => void out[i + 1]?.push(y[start] ?? null));
    } else {
      out[0]?.push((bucket + 0.25) * size, (bucket + 0.75) * size);
      series.forEach((y, i) => void out[i + 1]?.push(...extremes(y, start, end)));
    }
  }
  return out;
}

function extremes(y: Column, start: number, end: number): [number | null, number | null] {
  let low = -1;
  let high = -1;
  for (let i = start; i < end; i++) {
    const v = y[i];
    if (v == null) continue;
    if (low < 0 || v < (y[low] as number)) low = i;
    if (high < 0 || v > (y[high] as number)) high = i;
  }
  if (low < 0) return [null, null];
  const [a, b] = low < high ? [low, high] : [high, low];
  return [y[a] as number, y[b] as number];
}

/** The index of the last x that is not after `at`; -1 when all are. */
export function indexAt(x: Column, at: number): number {
  let low = 0;
  for (let high = x.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((x[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** px of the widest figure of the fonts that we ask for, at 11 px. */
const FIGURE = 7;

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** A number with three digits that count and its unit; `steady` keeps the zeros at its end, so that it stays as wide. */
export function figure(value: number | null | undefined, unit = "", steady = false): string {
  const digits = (n: number) => digitsOf(n, steady);
  if (value == null) return "–";
  const size = Math.abs(value);
  if (unit.startsWith("bytes")) {
    const power = Math.max(0, Math.min(BINARY.length - 1, Math.floor(Math.log2(size || 1) / 10)));
    return `${digits(value / 1024 ** power)} ${BINARY[power]}${unit.slice(5)}`;
  }
  if (unit === "s" && size > 0 && size < 1) {
    return size < 1e-3 ? `${digits(value * 1e6)} µs` : `${digits(value * 1e3)} ms`;
  }
  return digits(value) + (unit === "%" ? "%" : unit && ` ${unit}`);
}

function digitsOf(value: number, steady: boolean): string {
  const places = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(Math.abs(value) || 1))));
  return value.toLocaleString(undefined, {
    maximumFractionDigits: places,
    minimumFractionDigits: steady && value ? Math.min(places, 2) : 0,
  });
}

const DAY = 86_400;

/** How far ticks of a time axis may be apart, in seconds. Labels tell seconds, so no two stand within one. */
export const CLOCK = (
  [
    [1, [1, 2, 5, 10, 15, 30]],
    [60, [1, 2, 5, 10, 15, 30]],
    [3600, [1, 2, 3, 4, 6, 8, 12]],
    [DAY, [1, 2, 3, 5, 7, 10, 15]],
    [30 * DAY, [1, 2, 3, 4, 6]],
    [365 * DAY, [1, 2, 5, 10, 25, 50, 100]],
  ] as const
).flatMap(([unit, counts]) => counts.map((count) => count * unit));

/** A time of day, or a date where the ticks are days apart. `x` and `apart` in seconds. */
export function clockTime(x: number, apart: number): string {
  const two = "2-digit" as const;
  const date = new Date(x * 1000);
  if (apart >= DAY) {
    const month = apart < 365 * DAY && ({ month: "short" } as const);
    const rest = apart < 30 * DAY ? ({ day: "numeric" } as const) : ({ year: "numeric" } as const);
    return date.toLocaleDateString(undefined, { ...month, ...rest });
  }
  return date.toLocaleTimeString(undefined, {
    hour: two,
    minute: two,
    hourCycle: "h23",
    ...(apart < 60 && { second: two }),
  });
}

/** px that ticks of the x axis need: for times of day, or for the longer of these numbers, and a gap between two. */
export function apartOf(ends: number[]): number {
  const texts = ends.map((end) => Math.round(end).toLocaleString());
  return Math.max(...["00:00:00", ...texts].map((text) => text.length)) * FIGURE + 16;
}

/** The text of a tick, if it ends within `room` px to the right of its middle; one that would be cut is left out. */
export function whole(text: string, room: number): string {
  return (text.length * FIGURE) / 2 <= room ? text : "";
}

/**
 * Where the right edge of a live chart stands. The newest x and when it came tell how far the server's clock is from
 * this one's; the edge lags a little more than points are apart, so that a new point slides in from outside.
 */
export class Edge {
  private ahead: number | undefined;
  private shown: number | undefined;
  private gap = 0;
  private newest = Number.NEGATIVE_INFINITY;
  private drawn = 0;

  /** Data came, whose newest x is `x`, at `now` (both in seconds, of two clocks). */
  arrived(x: number, now: number): void {
    if (x === this.newest) return;
    const gap = x - this.newest;
    this.newest = x;
    const ahead = x - now;
    // What came with the least delay tells best. A little is forgotten each time, as clocks drift apart.
    if (this.ahead === undefined || Math.abs(ahead - this.ahead) > 30) this.ahead = ahead;
    else this.ahead = Math.max(ahead, this.ahead - 0.0005);
    if (gap > 0 && gap < 5) this.gap += (gap - this.gap) * (this.gap ? 0.1 : 1);
  }

  /** The x of the right edge at `now`; it never jumps by less than a second, it glides. */
  at(now: number): number | undefined {
    if (this.ahead === undefined) return undefined;
    const wanted = this.ahead - Math.max(0.15, this.gap * 1.25 + 0.1);
    const passed = Math.min(0.1, now - this.drawn);
    this.drawn = now;
    const apart = wanted - (this.shown ?? Number.POSITIVE_INFINITY);
    this.shown = Math.abs(apart) > 1 ? wanted : (this.shown as number) + apart * passed * 2;
    return now + this.shown;
  }
}
