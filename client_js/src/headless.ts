/** The client for pages that draw their components themselves. */
import type { BannerState, Commit, Detail, Headless, Options, Outcome } from "./api";
import type { Client, Mount } from "./client";
import { idOf, nodes } from "./store";
import { type DomPage, isError, nameOf, type PageData } from "./types";

/** The data of a page elsewhere; `tell` hears of what it waits for meanwhile. */
export type Ask = (tell: (state: BannerState) => void, signal: AbortSignal) => Promise<PageData>;

/** Those who want to be told. One that throws keeps nobody else from it. */
class Listeners<T> {
  readonly #all = new Set<(told: T) => void>();

  readonly add = (listener: (told: T) => void): (() => void) => {
    // The same function may be added twice.
    const own = (told: T) => listener(told);
    this.#all.add(own);
    return () => void this.#all.delete(own);
  };

  tell(told: T): void {
    for (const listener of this.#all) {
      try {
        listener(told);
      } catch (error) {
        console.error(error);
      }
    }
  }
}

/** @param begin makes the client and lets it hear the browser */
export function headless(
  from: PageData | Ask,
  begin: (page: PageData, mount: Mount) => Client,
  { onError }: Options = {},
): Headless {
  let connection: BannerState = { state: "connecting" };
  let client: Client | undefined;
  let debug = false;
  let callable = new Set<string>();
  const over = new AbortController();
  const commits = new Listeners<Commit>();
  const states = new Listeners<BannerState>();

  const tell = onError ?? ((error: Detail) => console.error("wscb:", error));
  const banner = (next: BannerState) => {
    connection = next;
    states.tell(next);
  };
  const dom: DomPage = {
    painted: () => Promise.resolve(),
    focused: () => undefined,
    loading() {},
    banner,
    ended(spec, how, detail) {
      if (isError(how, detail)) tell({ code: how, callback: nameOf(spec), ...detail });
    },
    problem({ code, component, prop, message }) {
      if (onError || debug) tell({ code, message: `${component}.${prop} ${message}` });
    },
  };

  const start = (page: PageData) => {
    debug = !!page.debug;
    callable = new Set(page.callbacks.map(({ id }) => id));
    client = begin(page, () => dom);
    client.store.reader = (commit) => commits.tell(commit);
    const added = new Set(nodes(client.store.root).flatMap((node) => idOf(node) ?? []));
    commits.tell({ changed: new Map(), added, removed: new Set(), problems: [], by: "server" });
    return client;
  };
  const begun =
    typeof from === "function"
      ? from(banner, over.signal).then((page) => {
          over.signal.throwIfAborted();
          return start(page);
        })
      : Promise.resolve(start(from));
  const ready = begun.then(() => {});
  // Who does not look at it is not told twice.
  ready.catch((error: Error) => {
    if (!over.signal.aborted) tell({ code: "not_connected", message: error.message });
  });

  return {
    ready,
    get state() {
      return connection.state;
    },
    get connection() {
      return connection;
    },
    get: (id, prop) => client?.store.get(id, prop) as never,
    set(id, props) {
      if (client) client.set(id, props);
      else void begun.then((client) => client.set(id, props)).catch(() => {});
    },
    async call(callback, inputs = [], state = []): Promise<Outcome> {
      const there = client ?? (await begun.catch(() => undefined));
      if (!there) return { id: 0, how: "rejected", detail: { code: "not_connected" } };
      if (!callable.has(callback)) throw new Error(`There is no callback ${callback}.`);
      return new Promise((done) => there.call(callback, inputs, state, done));
    },
    subscribe: commits.add,
    watch: states.add,
    destroy() {
      over.abort();
      client?.hide();
    },
  };
}
