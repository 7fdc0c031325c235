/** The client for pages that draw their components themselves. */
import type { Client, Mount } from "./client";
import type { BannerState, Commit, ConnectionState, DomPage, Outcome, PageData } from "./types";

export interface Headless {
  readonly state: ConnectionState;
  get(id: string, prop: string): unknown;
  /** The page's own change: triggers what reads it. */
  set(id: string, props: Record<string, unknown>): void;
  /** Called after each commit; gives the way to stop. */
  subscribe(reader: (commit: Commit) => void): () => void;
  /** Called with each state of the connection; gives the way to stop. */
  watch(watcher: (state: BannerState) => void): () => void;
  /** Calls a callback with these values, whatever the store holds. Resolves with its outcome; never rejects. */
  call(callback: string, inputs?: unknown[], state?: unknown[]): Promise<Outcome>;
  /** Ends the session. */
  destroy(): void;
}

/** @param begin makes the client and lets it hear the browser */
export function headless(page: PageData, begin: (page: PageData, mount: Mount) => Client): Headless {
  let state: ConnectionState = "connecting";
  const watchers = new Set<(state: BannerState) => void>();
  const dom: DomPage = {
    painted: () => Promise.resolve(),
    focused: () => undefined,
    destroy() {},
    loading() {},
    banner(next) {
      state = next.state;
      for (const watcher of watchers) watcher(next);
    },
    showError({ page, ...error }) {
      if (!page || page.debug) console.error("wscb:", error);
    },
    title() {},
  };
  const client = begin(page, () => dom);
  const { store } = client;
  return {
    get state() {
      return state;
    },
    get: (id, prop) => store.get(id, prop),
    set: (id, props) => client.set(id, props),
    subscribe: (reader) => store.subscribe(reader),
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    call(callback, inputs = [], values = []) {
      if (!page.callbacks.some(({ id }) => id === callback))
        throw new Error(`There is no callback ${callback}.`);
      return new Promise((done) => client.call(callback, inputs, values, done));
    },
    destroy: () => client.hide(),
  };
}
