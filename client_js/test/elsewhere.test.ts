// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { encode } from "../src/codec";
import { type Browser, pageAt } from "../src/elsewhere";
import type { BannerState, PageData } from "../src/types";

const DATA = { base: "/dashboard/", callbacks: [], build: "b" } as unknown as PageData;
const html = (data = DATA) =>
  `<!doctype html><div id="wscb-root"></div>
  <script type="application/octet-stream" id="wscb-page">${btoa(String.fromCharCode(...encode(data)))}</script>`;

let answers: (Response | Error)[];
let asked: string[];
let states: BannerState[];
let over: AbortController;
let browser: Browser;

const response = (status: number, body = "", url = "http://host/dashboard/") =>
  ({ status, url, text: async () => body }) as Response;
const ask = () => pageAt("/dashboard/", browser)((state) => states.push(state), over.signal);

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.9);
  [answers, asked, states, over] = [[], [], [], new AbortController()];
  const fetch = async (url: string) => {
    asked.push(url);
    const answer = answers.shift();
    if (!(answer instanceof Error) && answer) return answer;
    throw answer ?? new Error("nobody there");
  };
  browser = { fetch, setTimeout, clearTimeout } as unknown as Browser;
});

afterEach(() => void vi.useRealTimers());

it("takes the data out of the page, and knows where its app is", async () => {
  answers = [response(200, html())];
  expect(await ask()).toEqual({ ...DATA, base: "http://host/dashboard/" });
  expect([asked, states]).toEqual([["/dashboard/"], []]);
});

it("asks again when the server could not be asked, sooner when told to", async () => {
  answers = [new TypeError("network"), response(503), response(200, html())];
  const page = ask();
  await vi.waitFor(() => expect(states).toHaveLength(1));
  expect(states[0]).toMatchObject({ state: "waiting", retryAt: expect.any(Number) });
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toHaveLength(2);
  states.at(-1)?.retry?.();
  expect(await page).toMatchObject({ build: "b" });
  expect(states.map(({ state }) => state)).toEqual(["waiting", "connecting", "waiting", "connecting"]);
});

it.each([
  [401, "", 4501, /signed out.*401/],
  [403, "", 4501, /signed out.*403/],
  [404, "<h1>Not here</h1>", undefined, /no wscb app at \/dashboard\/.*404/],
  [200, "<form>Sign in</form>", undefined, /no wscb app at \/dashboard\/.*200/],
])("HTTP %i is no page of an app", async (status, body, code, message) => {
  answers = [response(status, body)];
  await expect(ask()).rejects.toThrow(message);
  expect(states).toMatchObject([{ state: "refused", reason: expect.any(String) }]);
  expect(states[0]?.code).toBe(code);
});

it("stops asking when nobody wants it any more", async () => {
  const page = ask();
  await vi.waitFor(() => expect(states).toHaveLength(1));
  over.abort();
  await expect(page).rejects.toThrow();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(1);
});
