import { expect, it } from "vitest";
import { backoff, FIRST_MS, LAST_MS } from "../src/backoff";

it("takes any moment of a window that grows with the time away, within its bounds", () => {
  expect(backoff(0, () => 0)).toBe(0);
  expect(backoff(0, () => 1)).toBe(FIRST_MS);
  expect(backoff(6000, () => 1)).toBe(2000);
  expect(backoff(6000, () => 0.5)).toBe(1000);
  expect(backoff(10 * 60_000, () => 1)).toBe(LAST_MS);
});
