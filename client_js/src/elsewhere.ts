/** The data of an app's page, for a page that is served elsewhere on the same host. */
import { backoff } from "./backoff";
import { pageData } from "./browser";
import type { Ask } from "./headless";

/** What it asks of a browser. */
export type Browser = Pick<typeof globalThis, "fetch" | "setTimeout" | "clearTimeout">;

/**
 * Asks for the page at `url`, and again for as long as its server cannot be asked.
 *
 * It rejects when the server refuses the visitor or has no app there; the state is `refused` then.
 */
export function pageAt(url: string, browser: Browser): Ask {
  return async (tell, signal) => {
    const lost = Date.now();
    for (;;) {
      signal.throwIfAborted();
      const answer = await browser.fetch(url, { signal, cache: "no-cache" }).catch(() => undefined);
      signal.throwIfAborted();
      if (answer && answer.status < 500) {
        const page = found(await answer.text());
        // It names its own address; seen from here it may be another host's.
        if (page) return { ...page, base: new URL(page.base, answer.url || location.href).href };
        const signedOut = answer.status === 401 || answer.status === 403;
        const reason = signedOut ? "You are signed out." : `There is no wscb app at ${url}.`;
        tell({ state: "refused", reason, ...(signedOut && { code: 4501 }) });
        throw new Error(`${reason} It answered HTTP ${answer.status}.`);
      }
      await new Promise<void>((done) => {
        const wait = backoff(Date.now() - lost, Math.random);
        const retry = () => {
          browser.clearTimeout(timer);
          signal.removeEventListener("abort", retry);
          tell({ state: "connecting", lost });
          done();
        };
        const timer = browser.setTimeout(retry, wait);
        signal.addEventListener("abort", retry);
        tell({ state: "waiting", retryAt: Date.now() + wait, lost, retry });
      });
    }
  };
}

function found(html: string) {
  const page = new DOMParser().parseFromString(html, "text/html");
  return page.getElementById("wscb-page") ? pageData(page) : undefined;
}
