import { afterEach, expect, it, vi } from "vitest";
import { refused } from "../src/probe";

const ask = (response: object) => refused((async () => response) as unknown as typeof fetch, "/app/");
const reload = vi.fn();

afterEach(() => {
  reload.mockReset();
  vi.unstubAllGlobals();
});

it.each([
  [{ type: "opaqueredirect", status: 0 }, true],
  [{ status: 401 }, true],
  [{ status: 403 }, true],
  [{ status: 200 }, false],
  [{ status: 503 }, false],
])("%j: wants a sign-in: %s", async (response, expected) => {
  expect(await ask(response)).toBe(expected);
});

it.each([
  [{ ready: false, build: "b" }, 1],
  [{ error: "of a proxy" }, 0],
  [undefined, 0],
])("a page that is made anew is loaded: %j", async (said, times) => {
  vi.stubGlobal("location", { reload });
  const json = async () => said ?? Promise.reject(new SyntaxError("no JSON"));
  expect(await ask({ status: 500, json })).toBe(false);
  expect(reload).toHaveBeenCalledTimes(times);
});
