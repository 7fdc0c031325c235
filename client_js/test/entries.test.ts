/** The modules that stand before the page's own: what they leave for it, and for scripts of the page. */
import { afterEach, expect, it, vi } from "vitest";
import type { Client, Env } from "../src/client";
import type { Clientside } from "../src/clientside";
import { Store } from "../src/store";

const page = globalThis as { wscb?: Partial<Env> | undefined; dash_clientside?: Clientside | undefined };

afterEach(() => {
  page.wscb = page.dash_clientside = undefined;
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

it("an object that a script has put in the place of ours is completed", async () => {
  await import("../src/clientside_entry");
  prepared();
  page.dash_clientside = { ns: { f: () => page.dash_clientside?.no_update } };
  const spec = { clientside: { namespace: "ns", name: "f" }, outputs: [["a", "b"]], inputs: [], state: [] };
  const call = { id: 1, spec, inputs: [], state: [], trigger: [] } as never;
  const answer = await page.wscb?.clientside?.({ client: {} } as never, "", call, 0, undefined as never);
  expect(answer?.outcome).toEqual({ id: 1, how: "no_update" });
});
