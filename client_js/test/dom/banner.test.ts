// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Banner, countdown, wordsFor } from "../../src/dom/banner";
import { Overlay } from "../../src/dom/overlay";
import { press } from "./page";

let banner: Banner;
const el = () => document.querySelector(".wscb-banner") as HTMLElement;
const button = () => el().querySelector("button") as HTMLButtonElement;
const count = () => el().querySelector(".wscb-count") as HTMLElement;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  document.body.replaceChildren();
  banner = new Banner();
});
afterEach(() => {
  banner.destroy();
  vi.useRealTimers();
});

test("is a polite status, there before it speaks", () => {
  expect([el().getAttribute("role") ?? el().role, el().ariaLive, el().hidden]).toEqual([
    "status",
    "polite",
    true,
  ]);
});

test("a short loss is not worth a word", () => {
  banner.show({ state: "waiting", retryAt: Date.now() + 500 });
  vi.advanceTimersByTime(300);
  banner.show({ state: "live" });
  vi.advanceTimersByTime(5000);
  expect(el().hidden).toBe(true);
});

test("a loss is told within two seconds, with a countdown that is not read out", () => {
  const retry = vi.fn();
  banner.show({ state: "waiting", retryAt: Date.now() + 5000, retry });
  vi.advanceTimersByTime(400);
  expect(el().hidden).toBe(false);
  expect(el().textContent).toBe("Connection lost.Trying again in 5 sTry now");
  expect(count().ariaHidden).toBe("true");
  const kept = button();
  vi.advanceTimersByTime(2000);
  expect(count().textContent).toBe("Trying again in 3 s");
  expect(button()).toBe(kept);
  vi.advanceTimersByTime(3000);
  expect(count().textContent).toBe("Trying again…");
  button().click();
  expect(retry).toHaveBeenCalledOnce();
});

test("the text is written once, so that it is read once", () => {
  banner.show({ state: "waiting", retryAt: Date.now() + 5000 });
  vi.advanceTimersByTime(400);
  const text = el().querySelector("span")?.firstChild;
  vi.advanceTimersByTime(3000);
  banner.show({ state: "waiting", retryAt: Date.now() + 9000 });
  expect(el().querySelector("span")?.firstChild).toBe(text);
  expect(count().textContent).toBe("Trying again in 9 s");
});

test("many short attempts do not put it off for ever", () => {
  for (let i = 0; i < 10; i++) {
    banner.show({ state: i % 2 ? "connecting" : "waiting", retryAt: Date.now() + 300 });
    vi.advanceTimersByTime(200);
  }
  expect(el().hidden).toBe(false);
});

test("back again is said, and goes by itself", () => {
  banner.show({ state: "offline" });
  vi.advanceTimersByTime(0);
  banner.show({ state: "live" });
  expect([el().dataset.state, el().textContent]).toEqual(["live", "Connected again."]);
  vi.advanceTimersByTime(2000);
  expect(el().hidden).toBe(true);
});

test.each([
  [{ state: "refused", code: 4501 }, "Sign in again"],
  [{ state: "refused", code: 4509 }, "Use it here"],
  [{ state: "refused", code: 4503 }, "Reload"],
  [{ state: "refused", code: 4504 }, "Reload"],
  [{ state: "stale" }, "Reload"],
] as const)("%o says what to do: %s", (state, action) => {
  const reload = vi.fn();
  banner.show({ ...state, reload });
  vi.advanceTimersByTime(0);
  expect(button().textContent).toBe(action);
  button().click();
  expect(reload).toHaveBeenCalledOnce();
});

test("a reason that is given is what is said, as text", () => {
  expect(wordsFor({ state: "refused", reason: "Come back on Monday." }).text).toBe("Come back on Monday.");
  banner.show({ state: "refused", reason: "<b>x</b>" });
  vi.advanceTimersByTime(0);
  expect(el().querySelector("b")).toBeNull();
});

test("what a server says to the page's code is not said to a person", () => {
  const said = (code: number) => wordsFor({ state: "refused", code, reason: "n was lower" }).text;
  expect([4504, 4509].map(said)).toEqual([
    "A new version of this page is there.",
    "This page went on in another tab or window.",
  ]);
});

test("a countdown ends", () => {
  expect([countdown(5000, 1), countdown(5000, 5000)]).toEqual(["Trying again in 5 s", "Trying again…"]);
});

test("a page that the server let rest is paused: nothing is lost, nothing is tried", () => {
  const retry = vi.fn();
  banner.show({ state: "waiting", code: 4001, retry });
  vi.advanceTimersByTime(400);
  expect(el().textContent).toBe("This page is paused. It goes on when it is used.Go on");
  expect(vi.getTimerCount()).toBe(0);
  button().click();
  expect(retry).toHaveBeenCalledOnce();
});

test("it never takes the focus", () => {
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();
  banner.show({ state: "offline" });
  vi.advanceTimersByTime(1000);
  expect(document.activeElement).toBe(field);
});

test("an error in production is a number to quote", () => {
  const overlay = new Overlay();
  overlay.show({ ref: "abc123" });
  const note = document.querySelector(".wscb-error") as HTMLElement;
  expect(note.textContent).toContain("Reference abc123");
  expect(note.querySelector("pre")).toBeNull();
  (note.querySelector("button") as HTMLButtonElement).click();
  expect(document.querySelector(".wscb-error")).toBeNull();
  overlay.destroy();
});

test("an error in debug shows its traceback, can be scrolled and dismissed by keys, and keeps to itself", () => {
  const overlay = new Overlay();
  const field = document.body.appendChild(document.createElement("input"));
  field.focus();
  overlay.show({ callback: "out.children", message: "ValueError: <b>", traceback: "File x" });
  const note = document.querySelector(".wscb-error") as HTMLElement;
  expect(note.textContent).toContain("Error in out.children");
  expect(note.textContent).toContain("ValueError: <b>");
  expect(note.querySelector("pre")?.tabIndex).toBe(0);
  expect(document.activeElement).toBe(field);
  press(document.body, "Escape");
  expect(document.querySelector(".wscb-error")).toBeNull();
  overlay.destroy();
});

test("problems of different components are told beside one another, the same one once", () => {
  const overlay = new Overlay();
  for (const component of ["a", "b", "a"])
    overlay.show({ code: "missing_input", message: `${component}.value cb` });
  const notes = [...document.querySelectorAll(".wscb-error")].map((note) => note.textContent);
  expect(notes).toEqual([expect.stringContaining("b.value"), expect.stringContaining("a.value")]);
  overlay.destroy();
});

test.each([
  ["work (app.py:12)", "work (app.py:12)"],
  ["|#my.app.ticks", "ticks"],
])("a callback is named as the server names it: %s", (callback, name) => {
  const overlay = new Overlay();
  overlay.show({ callback, message: "ValueError: no" });
  expect(document.querySelector(".wscb-error strong")?.textContent).toBe(`Error in ${name}`);
  overlay.destroy();
});

test("a call of which nobody knows is no error: what to know comes first, its name last, once for each", () => {
  const overlay = new Overlay();
  for (const callback of ["a.children", "c.children", "a.children"]) {
    overlay.show({ code: "unknown", callback, about: callback });
  }
  const notes = [...document.querySelectorAll(".wscb-error")];
  expect(notes.map((note) => [note.firstChild?.textContent, note.lastChild?.textContent])).toEqual([
    ["The server was lost.", "c.children"],
    ["The server was lost.", "a.children"],
  ]);
  overlay.destroy();
});

test("a callback that fails at every tick does not fill the screen", () => {
  const overlay = new Overlay();
  for (let i = 0; i < 9; i++) overlay.show({ callback: "clock", ref: String(i) });
  for (const callback of ["a", "b", "c", "d"]) overlay.show({ callback });
  expect(document.querySelectorAll(".wscb-error")).toHaveLength(3);
  overlay.destroy();
});

describe("an error whose callback works again", () => {
  const notes = () => document.querySelectorAll<HTMLElement>(".wscb-error");
  let overlay: Overlay;

  beforeEach(() => {
    overlay = new Overlay();
    overlay.show({ callback: "a.children", about: "a", ref: "r1" });
  });
  afterEach(() => overlay.destroy());

  test("says so, once, and goes", () => {
    overlay.well("b");
    overlay.well("a");
    overlay.well("a");
    expect(notes()[0]?.textContent?.match(/It has worked again since [\d:]+/g)).toHaveLength(1);
    vi.advanceTimersByTime(4999);
    expect(notes()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(notes()).toHaveLength(0);
  });

  test("stays when it fails again meanwhile", () => {
    overlay.well("a");
    overlay.show({ callback: "a.children", about: "a", ref: "r2" });
    vi.advanceTimersByTime(60_000);
    expect(notes()[0]?.textContent).toMatch(/Reference r2$/);
  });

  test("stays while somebody reads its traceback, or is in it", () => {
    overlay.show({ callback: "b.children", about: "b", traceback: "File x" });
    overlay.well("a");
    overlay.well("b");
    notes()[0]?.querySelector("button")?.focus();
    vi.advanceTimersByTime(60_000);
    expect([...notes()].map((note) => note.dataset.about)).toEqual(["a", "b"]);
  });
});
