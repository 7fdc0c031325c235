/**
 * The lines of a chart. uPlot would stroke each as one path; a renderer without a graphics card takes several times
 * as long for that as for the same line in short pieces, and then a live chart is no longer smooth.
 */
import type uPlot from "uplot";
import { type Column, indexAt } from "./chart-data";

export interface Look {
  color: string;
  fill: string | null;
  /** In CSS pixels. */
  width: number;
  dash?: number[] | undefined;
}

/** Points to a stroke. */
const PIECE = 32;

/** Draws series `i` of what stands between the ends of the x scale, with the neighbours outside. */
export function drawLine(
  u: uPlot,
  i: number,
  { color, fill, width, dash }: Look,
  ratio = devicePixelRatio,
): void {
  const { ctx, bbox } = u;
  const [xs, ys] = [u.data[0] as Column, u.data[i] as Column];
  const x = u.scales.x as uPlot.Scale;
  const y = u.scales[u.series[i]?.scale ?? "y"] as uPlot.Scale;
  const [first, last] = [Math.max(0, indexAt(xs, x.min as number)), indexAt(xs, x.max as number) + 1];
  const right = bbox.width / ((x.max as number) - (x.min as number));
  const up = bbox.height / ((y.max as number) - (y.min as number));
  const atX = (at: number) => bbox.left + ((xs[at] as number) - (x.min as number)) * right;
  const atY = (at: number) => bbox.top + bbox.height - ((ys[at] as number) - (y.min as number)) * up;

  ctx.save();
  ctx.beginPath();
  // A line that runs along the border is shown in its whole width.
  ctx.rect(bbox.left, bbox.top - width * ratio, bbox.width, bbox.height + 2 * width * ratio);
  ctx.clip();
  ctx.strokeStyle = color;
  ctx.lineWidth = width * ratio;
  ctx.lineJoin = "round";
  ctx.lineCap = dash ? "butt" : "round";
  ctx.setLineDash((dash ?? []).map((length) => length * ratio));
  for (const [start, end] of runs(ys, first, Math.min(last, xs.length - 1))) {
    if (fill) {
      ctx.fillStyle = fill;
      ctx.beginPath();
      ctx.moveTo(atX(start), bbox.top + bbox.height);
      for (let at = start; at <= end; at++) ctx.lineTo(atX(at), atY(at));
      ctx.lineTo(atX(end), bbox.top + bbox.height);
      ctx.fill();
    }
    const piece = dash ? Number.POSITIVE_INFINITY : PIECE;
    for (let from = start; from < end || from === start; from += piece) {
      ctx.beginPath();
      ctx.moveTo(atX(from), atY(from));
      // A point alone is a dot: a line of no length with round ends.
      for (let at = from; at <= Math.min(end, from + piece); at++) ctx.lineTo(atX(at), atY(at));
      ctx.stroke();
    }
  }
  ctx.restore();
}

/** The first and last index of each run without a gap. */
export function runs(ys: Column, first: number, last: number): [number, number][] {
  const found: [number, number][] = [];
  let start = -1;
  for (let i = first; i <= last + 1; i++) {
    const there = i <= last && ys[i] != null;
    if (there && start < 0) start = i;
    else if (!there && start >= 0) {
      found.push([start, i - 1]);
      start = -1;
    }
  }
  return found;
}
