/** The client in a browser: what it asks of one, what the server put into the page, what the browser tells. */
import { Client, type Env, type Mount } from "./client";
import { decode } from "./codec";
import { openLink } from "./transport";
import type { PageData } from "./types";

let query = "";
// biome-ignore lint/suspicious/noExplicitAny: What a file exports is known to those who name it.
const modules: Record<string, Promise<any>> = {};

/** Loads a module that stands beside this one. One that could not be loaded is tried again a second later at the least. */
export function load(file: string) {
  const path = `./${file}${query}`;
  return (modules[file] ??= import(path).catch((error) => {
    // Browsers may keep a failure, so it is asked for by another address.
    query += "?";
    setTimeout(() => delete modules[file], 1000);
    throw error;
  }));
}

const env: Env = {
  now: Date.now,
  random: Math.random,
  later(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  openLink,
  fetch: (...request) => fetch(...request),
  online: () => navigator.onLine,
  visible: () => !document.hidden,
  reload: () => location.reload(),
  location,
  late: () => load("late.js"),
  patch: () => load("patch.js"),
  ...(globalThis as { wscb?: Partial<Env> }).wscb,
};

/** What the server put into the page. */
export function pageData(from = document): PageData {
  const text = (from.getElementById("wscb-page") as HTMLElement).textContent;
  return decode(Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0))) as PageData;
}

export function begin(page: PageData, mount: Mount): Client {
  const client = new Client(page, env, mount);
  for (const type of ["online", "offline"]) addEventListener(type, () => client.online(navigator.onLine));
  addEventListener("pagehide", () => client.hide());
  addEventListener("pageshow", (event) => event.persisted && client.shown());
  document.addEventListener("visibilitychange", () => client.visible(!document.hidden));
  return client;
}
