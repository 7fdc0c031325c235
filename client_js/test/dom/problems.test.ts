// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { PageData, Spec } from "../../src/types";
import { pageOf } from "./page";

const PROBLEM = { code: "not_on_page", component: "nobody", prop: "x", message: "" };
const notes = () => [...document.querySelectorAll(".wscb-error")].map((note) => note.textContent);

let posts: [string, any][];
let answer: () => Response;

async function told(page: Partial<PageData>, ...problems: (typeof PROBLEM)[]): Promise<void> {
  const late = await import("../../src/late");
  const problem = await import("../../src/dom/problems");
  const load = async (file: string) => ({ "late.js": late, "problems.js": problem })[file];
  const opened = pageOf([], { page, load });
  for (const one of problems) {
    opened.page.problem(one);
    await new Promise((done) => setTimeout(done));
  }
}

beforeEach(() => {
  vi.resetModules();
  posts = [];
  answer = () =>
    new Response(JSON.stringify({ message: "There is no 'nobody'.", callback: "work (app.py:9)" }));
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    posts.push([url, JSON.parse(String(init.body))]);
    return answer();
  });
});
afterEach(() => void vi.unstubAllGlobals());

describe("a problem of the page, in debug", () => {
  test("is told in the server's words, which are asked for once", async () => {
    await told({ debug: true, base: "/app/", socket: true }, PROBLEM, PROBLEM);
    expect(posts).toEqual([["/app/_wscb/problem", PROBLEM]]);
    expect(notes()).toEqual([expect.stringMatching(/^Error in work \(app.py:9\).*There is no 'nobody'\.$/)]);
  });

  test.each([
    () => new Response("", { status: 404 }),
    () => new Response("no JSON"),
    () => {
      throw new TypeError("network");
    },
  ])("is told in our own words when the server has none", async (none) => {
    answer = none as () => Response;
    await told({ debug: true, base: "/" }, { ...PROBLEM, message: "more" });
    expect(notes()[0]).toMatch(/nobody\.x: A component that changes is not on the page\. more$/);
  });

  test("stands in its order, whichever is explained first", async () => {
    const answers: ((response: Response) => void)[] = [];
    answer = (() => new Promise((done) => answers.push(done))) as never;
    await told({ debug: true, base: "/" }, PROBLEM, { ...PROBLEM, prop: "y" });
    for (const [i, done] of [...answers.entries()].reverse())
      done(new Response(JSON.stringify({ message: `m${i}` })));
    await vi.waitFor(() => expect(notes()).toHaveLength(2));
    expect(notes().map((text) => text?.at(-1))).toEqual(["0", "1"]);
  });

  test("is cut where it is long, and not asked for at every tick", async () => {
    const many = Array.from({ length: 30 }, (_, i) => ({
      ...PROBLEM,
      prop: `p${i}`,
      message: "x".repeat(5000),
    }));
    await told({ debug: true, base: "/" }, ...many);
    expect(posts.length).toBeLessThanOrEqual(10);
    expect(posts[0]?.[1].message).toHaveLength(1000);
    expect(notes()).toHaveLength(3);
  });
});

test("in production it is shown nowhere; the log of a page without a socket hears of it", async () => {
  answer = () => new Response(null, { status: 204 });
  await told({ debug: false, base: "/", socket: true }, PROBLEM);
  expect(posts).toEqual([]);
  await told({ debug: false, base: "/", socket: false }, PROBLEM);
  expect([posts.length, notes()]).toEqual([1, []]);
});

test("what cannot be told is in the console", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const late = await import("../../src/late");
  const load = (file: string) =>
    file === "late.js" ? Promise.resolve(late) : Promise.reject(new Error(file));
  pageOf([], { page: { debug: true }, load }).page.problem(PROBLEM);
  await vi.waitFor(() => expect(warn).toHaveBeenCalledWith(PROBLEM));
});

describe("how a callback has ended", () => {
  const spec = (id: string, ...outputs: Spec["outputs"]): Spec => ({
    id,
    outputs,
    inputs: [["run", "n_clicks"]],
    state: [],
    initial: false,
    socket: true,
  });

  test("names it by what it writes, or reads; of each instance by itself", async () => {
    const late = await import("../../src/late");
    const { page } = pageOf([], { load: async () => late });
    const [one, two] = [spec("row", ['{"i":1}', "title"]), spec("row", ['{"i":2}', "title"])];
    page.ended(one, "error", { ref: "r1" });
    page.ended(two, "error", { ref: "r2" });
    page.ended(spec("none"), "too_big" as never);
    page.ended(spec("none"), "rejected", { code: "too_big" });
    page.ended(spec("none"), "rejected", { code: "ignored" });
    page.ended(two, "ok");
    await vi.waitFor(() => expect(notes()).toHaveLength(3));
    await vi.waitFor(() => expect(notes()[1]).toContain("It has worked again"));
    expect(notes().map((text) => text?.split("×")[0])).toEqual([
      'Error in {"i":1}.title',
      'Error in {"i":2}.title',
      "Error in run.n_clicks",
    ]);
    expect(notes()[0]).not.toContain("It has worked again");
  });

  test("in debug by what calls it too", async () => {
    const late = await import("../../src/late");
    const { page } = pageOf([], { page: { debug: true }, load: async () => late });
    page.ended(spec("cb", ["out", "children"]), "timeout", { message: "Too long." });
    page.ended(spec("none"), "failed", { callback: "tick (app.py:9)" });
    await vi.waitFor(() => expect(notes()).toHaveLength(2));
    expect(notes().map((text) => text?.split("×")[0])).toEqual([
      "Error in out.children (run.n_clicks)",
      "Error in tick (app.py:9)",
    ]);
  });
});
