/** A line of numbers, in the size of its box. */
interface Props {
  values: number[];
  most: number;
}

export function Trend({ values, most }: Props) {
  const step = 100 / Math.max(1, values.length - 1);
  const line = values.map((value, at) => `${(at * step).toFixed(2)},${(100 - (96 * value) / most).toFixed(2)}`);
  return (
    <svg className="trend" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,100 ${line.join(" ")} 100,100`} />
      <polyline points={line.join(" ")} />
    </svg>
  );
}
