/** What stays where it is when children change places. */

/** Indices of the longest increasing run in `places`; -1 is a newcomer and never in it. */
export function inOrder(places: number[]): Set<number> {
  const tails: number[] = [];
  const before: (number | undefined)[] = [];
  places.forEach((place, i) => {
    if (place < 0) return;
    let low = 0;
    for (let high = tails.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (places[tails[middle] as number]! < place) low = middle + 1;
      else high = middle;
    }
    before[i] = tails[low - 1];
    tails[low] = i;
  });
  const run = new Set<number>();
  for (let i = tails.at(-1); i !== undefined; i = before[i]) run.add(i);
  return run;
}
