// @vitest-environment happy-dom
import { expect, test, vi } from "vitest";
import { watchTheme } from "../../src/dom/chart-theme";

test("a theme on the page or on a component around the chart is heard, another one's is not", async () => {
  document.body.innerHTML = '<main><section><i id="chart"></i></section><aside></aside></main>';
  const changed = vi.fn();
  const stop = new AbortController();
  watchTheme(document.querySelector("#chart") as Element, stop.signal, changed);
  const set = async (selector: string, name = "data-theme") => {
    changed.mockClear();
    document.querySelector(selector)?.setAttribute(name, String(Math.random()));
    await new Promise((done) => setTimeout(done));
    return changed.mock.calls.length;
  };
  expect([
    await set("html"),
    await set("html", "class"),
    await set("body"),
    await set("main"),
    await set("section"),
  ]).toEqual([1, 1, 1, 1, 1]);
  expect([await set("aside"), await set("section", "class")]).toEqual([0, 0]);
  stop.abort();
  expect(await set("main")).toBe(0);
});
