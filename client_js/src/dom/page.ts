/** The page: the store's components in the DOM, what happens there told to the client, how the connection is. */
import type { Store } from "../store";
import { type Commit, type DomPage, ensure, type MountOptions } from "../types";
import { registerAll } from "./adapters/dcc";
import { delegate } from "./adapters/html";
import type { Load } from "./adapters/lazy";
import { isEditable, Renderer } from "./render";
import type { Status } from "./status";

export interface PageOptions extends MountOptions<Store> {
  /** Asked again when it could not. */
  load: Load;
}

/** A frame that does not come (a frame scrolled out of its page gets none) is waited for this long, in ms. */
const LONGEST_FRAME = 1000;

export function mountPage(options: PageOptions): DomPage {
  const { root, store, emit } = options;
  registerAll(options.page.base, options.load);
  const renderer = new Renderer(root, emit, options.problem);
  let status: Status | undefined;
  delegate(root, (el) => renderer.at(el), emit);
  let changed = new Map<string, Set<string>>();
  let frame = 0;
  let fallback: ReturnType<typeof setTimeout> | undefined;
  const painted: (() => void)[] = [];

  /** A page that cannot load it goes on without. */
  function late(then: (status: Status) => void): void {
    if (status) then(status);
    else
      options.load("late.js").then(
        ({ Status }) => {
          then((status ??= new Status(options, renderer) as Status));
        },
        () => {},
      );
  }

  function settle(): void {
    for (const done of painted.splice(0)) done();
  }

  function flush(): void {
    cancelAnimationFrame(frame);
    clearTimeout(fallback);
    frame = 0;
    const now = changed;
    changed = new Map();
    const show = () => {
      for (const [id, names] of now) {
        const view = renderer.views.get(id);
        if (view) renderer.update(view, names);
      }
    };
    if (status) status.keepFocus(show);
    else show();
    late((status) => status.mark());
    // Posted inside a frame, a message is handled after that frame is painted.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      settle();
    };
    port2.postMessage(0);
  }

  function onCommit(commit: Commit): void {
    for (const [id, names] of commit.changed) {
      const known = ensure(changed, id, () => new Set());
      for (const name of names) known.add(name);
    }
    schedule();
  }

  function schedule(): void {
    if (frame || document.hidden) return;
    frame = requestAnimationFrame(flush);
    fallback = setTimeout(flush, LONGEST_FRAME);
  }

  function onVisible(): void {
    if (!document.hidden) {
      if (changed.size) flush();
    } else {
      cancelAnimationFrame(frame);
      clearTimeout(fallback);
      frame = 0;
      settle();
    }
  }

  root.replaceChildren();
  renderer.render(store.root);
  store.reader = onCommit;
  document.addEventListener("visibilitychange", onVisible);

  // What a `Store` has kept and where a `Location` is, is what the calls begin with.
  const kept = [...renderer.views.values()].filter(({ kind }) => /c\/(St|Loc)/.test(kind));

  return {
    ready: kept[0] && Promise.all(kept.map(({ mounted }) => mounted?.ready)),
    painted: () =>
      document.hidden || !frame ? Promise.resolve() : new Promise((done) => painted.push(done)),
    focused() {
      const active = document.activeElement;
      if (!active || !isEditable(active)) return undefined;
      for (let up: Element | null = active; up && up !== root; up = up.parentElement) {
        const id = renderer.at(up)?.id;
        if (id !== undefined) return id;
      }
      return undefined;
    },
    banner(state) {
      root.dataset.wscbState = state.state;
      root.dispatchEvent(new CustomEvent("wscb:state", { bubbles: true, detail: state }));
      late((status) => status.banner(state));
    },
    loading: (...now) => late((status) => status.loading(...now)),
    ended: (...ended) => late((status) => status.ended(...ended)),
    problem: (problem) => late((status) => status.problem(problem)),
  };
}
