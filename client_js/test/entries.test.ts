/** The modules that stand before the page's own: what they leave for it, and for scripts of the page. */
import { afterEach, expect, it, vi } from "vitest";
import type { Client, Env } from "../src/client";
import type { Clientside } from "../src/clientside";
import { Store } from "../src/store";

const page = globalThis as { wscb?: Partial<Env> | undefined; dash_clientside?: Clientside | undefined };

afterEach(() => {
  page.wscb = page.dash_clientside = undefined;
  vi.unstubAllGlobals();
  vi.resetModules();
});

const prepared = (set = vi.fn()) => {
  const client = { store: new Store(), set } as unknown as Client;
  return page.wscb?.prepare?.([], client);
};

it("scripts of the page can set props before any function was called", async () => {
  await import("../src/clientside_entry");
  const set = vi.fn();
  expect(prepared(set)).toBeUndefined();
  page.dash_clientside?.set_props?.({ b: 1, a: 2 }, { value: 3 });
  expect(set).toHaveBeenCalledWith('{"a":2,"b":1}', { value: 3 });
});

it("both are prepared, in either order", async () => {
  await import("../src/patterns_entry");
  await import("../src/clientside_entry");
  expect(prepared()).toBeTypeOf("function");
  expect(page.dash_clientside?.set_props).toBeTypeOf("function");
  expect(page.wscb?.clientside).toBeTypeOf("function");
});

it("what comes is looked at before those that resolve it, under the path that the module was served from", async () => {
  await import("../src/patterns_entry");
  await import("../src/arrivals_entry");
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  });
  const store = new Store();
  const specs = [{ inputs: [["a", "search_value"]], outputs: [], state: [] }] as never;
  expect(page.wscb?.prepare?.(specs, { store } as unknown as Client)).toBeTypeOf("function");
  store.load({ type: "Dropdown", namespace: "wscb_dcc", props: { id: "a", persistence: 1 } });
  expect(store.get("a", "searchable")).toBe(true);
  store.set("a", { value: "x" });
  expect([...kept.keys()]).toEqual([expect.stringMatching(/^wscb-kept:\/.*a\.value\.1$/)]);
});

it("an object that a script has put in the place of ours is completed", async () => {
  await import("../src/clientside_entry");
  prepared();
  page.dash_clientside = { ns: { f: () => page.dash_clientside?.no_update } };
  const spec = { clientside: { namespace: "ns", name: "f" }, outputs: [["a", "b"]], inputs: [], state: [] };
  const call = { id: 1, spec, inputs: [], state: [], trigger: [] } as never;
  const answer = await page.wscb?.clientside?.({ client: {} } as never, "", call, 0, undefined as never);
  expect(answer?.outcome).toEqual({ id: 1, how: "no_update" });
});
