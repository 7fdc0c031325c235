/** The entry of `wscb.js`: starts on a page of ours, and gives `connect()` to pages that draw their components themselves. */
import { Client, type Env, HEADLESS, type Mount } from "./client";
import { decode } from "./codec";
import { mountPage } from "./dom/page";
import { openLink } from "./transport";
import type { PageData } from "./types";

export type { Client } from "./client";
export type * from "./types";

const load = (file: string) => import(new URL(file, import.meta.url).href);

const env: Env = {
  now: () => Date.now(),
  random: () => Math.random(),
  later(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  openLink: (url, handlers) => openLink(url, handlers),
  fetch: (...request) => fetch(...request),
  online: () => navigator.onLine,
  visible: () => !document.hidden,
  reload: () => location.reload(),
  location,
  late: () => load("late.js"),
};

/** What the server put into the page. */
function pageData(): PageData {
  const text = document.getElementById("wscb-page")?.textContent;
  if (!text) throw new Error("This page has no wscb data.");
  return decode(Uint8Array.from(atob(text.trim()), (char) => char.charCodeAt(0))) as PageData;
}

function begin(page: PageData, mount: Mount): Client {
  const client = new Client(page, env, mount);
  addEventListener("online", () => client.online(true));
  addEventListener("offline", () => client.online(false));
  addEventListener("pagehide", () => client.hide());
  addEventListener("pageshow", (event) => event.persisted && client.shown());
  document.addEventListener("visibilitychange", () => client.visible(!document.hidden));
  return client;
}

/** A client without rendering: `get`, `set`, `subscribe`, `watch`, `call`, `state`. */
export function connect(page: PageData = pageData()): Client {
  return begin(page, () => ({ ...HEADLESS, showError: (error) => console.error("wscb:", error) }));
}

const root = document.getElementById("wscb-root");
if (root) begin(pageData(), (options) => mountPage({ ...options, root, load }));
