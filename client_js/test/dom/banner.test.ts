// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Banner, countdown, wordsFor } from "../../src/dom/banner";
import { Overlay } from "../../src/dom/overlay";
import type { PageData } from "../../src/types";
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

test("a problem is shown in debug, and in production told to the console where no server hears of it", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const overlay = new Overlay();
  const problem = { code: "invalid_patch", message: "a.value append" };
  const page = { debug: false, socket: true } as PageData;
  overlay.show({ ...problem, page });
  expect([warn.mock.calls.length, document.querySelector(".wscb-error")]).toEqual([0, null]);
  overlay.show({ ...problem, page: { ...page, socket: false } });
  expect(warn).toHaveBeenCalledWith("invalid_patch", "a.value append");
  expect(document.querySelector(".wscb-error")).toBeNull();
  overlay.show({ ...problem, page: { ...page, debug: true } });
  expect(document.querySelector(".wscb-error")?.textContent).toContain("a.value append");
  overlay.destroy();
  warn.mockRestore();
});

test("a callback is named as the server names it", () => {
  const overlay = new Overlay();
  overlay.show({ callback: "work (app.py:12)", message: "ValueError: no" });
  expect(document.querySelector(".wscb-error strong")?.textContent).toBe("Error in work (app.py:12)");
  overlay.destroy();
});

test("a call of which nobody knows is no error: what to know comes first, its name last, once for each", () => {
  const overlay = new Overlay();
  for (const callback of ["a.children|b.n", "c.children|d.n", "a.children|b.n"]) {
    overlay.show({ code: "unknown", callback });
  }
  const notes = [...document.querySelectorAll(".wscb-error")];
  expect(notes.map((note) => [note.firstChild?.textContent, note.lastChild?.textContent])).toEqual([
    ["The server was lost.", "c.children|d.n"],
    ["The server was lost.", "a.children|b.n"],
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
