// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from "vitest";
import * as late from "../../src/late";
import type { Spec } from "../../src/types";
import { dcc, hide, html, pageOf } from "./page";

const spec: Spec = { id: "cb", outputs: [], inputs: [], state: [], initial: false, socket: true };

afterEach(() => {
  vi.useRealTimers();
});

describe("frames", () => {
  test("many commits, one frame", () => {
    const frames: FrameRequestCallback[] = [];
    const { get, store } = pageOf(html("P", { id: "p", children: "0" }));
    vi.spyOn(globalThis, "requestAnimationFrame").mockImplementation((frame) => frames.push(frame));
    for (let i = 1; i <= 5; i++) store.commit([["set", "p", "children", String(i)]]);
    expect([frames.length, get("p").textContent]).toEqual([1, "0"]);
    frames[0]?.(0);
    expect(get("p").textContent).toBe("5");
  });

  test("painted comes after what was committed is shown", async () => {
    const { get, store, page } = pageOf(html("P", { id: "p" }));
    await page.painted();
    store.commit([["set", "p", "children", "now"]]);
    await page.painted();
    expect(get("p").textContent).toBe("now");
  });

  test("a hidden page paints nothing and is current at once when it is shown", async () => {
    const { get, store, page } = pageOf(html("P", { id: "p", children: "old" }));
    hide(true);
    store.commit([["set", "p", "children", "new"]]);
    await page.painted();
    expect(get("p").textContent).toBe("old");
    hide(false);
    expect(get("p").textContent).toBe("new");
  });

  test("one who waits for the paint is let go when the page is hidden", async () => {
    const { store, page } = pageOf(html("P", { id: "p" }));
    vi.spyOn(globalThis, "requestAnimationFrame").mockReturnValue(1);
    store.commit([["set", "p", "children", "new"]]);
    const painted = page.painted();
    hide(true);
    await painted;
  });

  test("a frame that never comes is not waited for", () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { get, store } = pageOf(html("P", { id: "p" }));
    vi.spyOn(globalThis, "requestAnimationFrame").mockReturnValue(1);
    store.commit([["set", "p", "children", "new"]]);
    vi.advanceTimersByTime(1000);
    expect(get("p").textContent).toBe("new");
  });
});

test("the focused field is named, a button is not", () => {
  const { get, page } = pageOf([dcc("Input", { id: "in" }), html("Button", { id: "b" })]);
  expect(page.focused()).toBeUndefined();
  get("in").focus();
  expect(page.focused()).toBe("in");
  get("b").focus();
  expect(page.focused()).toBeUndefined();
});

test("what waits on a call is busy, until it does not", async () => {
  const { get, page, set } = pageOf(
    html("Div", { id: "box", children: [html("P", { id: "a" }), html("P", { id: "b" })] }),
  );
  page.loading(new Map([["a", new Set(["children"])]]), true);
  await vi.waitFor(() => expect(get("a").getAttribute("aria-busy")).toBe("true"));
  expect(get("a").hasAttribute("data-wscb-loading")).toBe(true);
  page.loading(new Map([["late", new Set(["children"])]]), true);
  expect(get("a").hasAttribute("aria-busy")).toBe(false);
  await set("box", { children: html("P", { id: "late" }) });
  expect(get("late").getAttribute("aria-busy")).toBe("true");
});

test("the title says that the page is busy, and then what it said before", async () => {
  document.title = "App";
  const { page } = pageOf([], { page: { update_title: "Updating..." } });
  page.loading(new Map(), true);
  page.loading(new Map(), true);
  await vi.waitFor(() => expect(document.title).toBe("Updating..."));
  page.loading(new Map(), false);
  expect(document.title).toBe("App");
  page.loading(new Map(), true);
  document.title = "App (3)";
  page.loading(new Map(), false);
  expect(document.title).toBe("App (3)");
});

test("without a title for it, the title is left alone", () => {
  document.title = "App";
  const { page } = pageOf([], { page: { update_title: null } });
  page.loading(new Map(), true);
  expect(document.title).toBe("App");
});

test("the state stands on the root and is told as an event", () => {
  const { root, page } = pageOf([], { page: { banner: false } });
  const told: unknown[] = [];
  root.addEventListener("wscb:state", (event) => told.push((event as CustomEvent).detail.state));
  page.banner({ state: "live" });
  page.banner({ state: "waiting" });
  expect([root.dataset.wscbState, told]).toEqual(["waiting", ["live", "waiting"]]);
  expect(document.querySelector(".wscb-banner")).toBeNull();
});

describe("the words, in a module of their own", () => {
  const banner = () => document.querySelector<HTMLElement>(".wscb-banner");

  test("are loaded as soon as the page connects; one that was always live has no banner", async () => {
    const load = vi.fn(() => Promise.resolve(late));
    const { page } = pageOf([], { load });
    page.banner({ state: "live" });
    await page.painted();
    expect([load.mock.calls, banner()]).toEqual([[["late.js"]], null]);
    page.banner({ state: "connecting" });
    page.banner({ state: "live" });
    await vi.waitFor(() => expect(banner()?.hidden).toBe(true));
  });

  test("that come late say what is so by then", async () => {
    let come = () => {};
    const { page } = pageOf([], { load: () => new Promise((done) => (come = () => done(late))) });
    page.banner({ state: "connecting" });
    page.banner({ state: "refused", code: 4501 });
    come();
    await vi.waitFor(() => expect(banner()?.textContent).toContain("signed out"));
  });

  test("that cannot be loaded break nothing, and are asked for again", async () => {
    let there = false;
    const load = () => (there ? Promise.resolve(late) : Promise.reject(new TypeError("network")));
    const { root, page } = pageOf([], { load });
    page.banner({ state: "connecting" });
    page.ended(spec, "error", { ref: "lost" });
    await page.painted();
    expect([root.dataset.wscbState, banner()]).toEqual(["connecting", null]);
    there = true;
    page.banner({ state: "offline" });
    page.ended(spec, "error", { ref: "r1" });
    page.ended(spec, "error", { ref: "r2" });
    await vi.waitFor(() => expect(banner()?.textContent).toContain("offline"));
    expect([...document.querySelectorAll(".wscb-errors")].map((el) => el.textContent)).toEqual([
      expect.stringContaining("Reference r2"),
    ]);
  });
});

test("a module that does not come is said in its place", async () => {
  const { get } = pageOf(dcc("Slider", { id: "s" }));
  await vi.waitFor(() => expect(get("s").textContent).toBe("Slider cannot be shown"));
});
