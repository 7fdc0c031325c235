/** The page: the store's components in the DOM, what happens there told to the client, how the connection is. */
import type { Store } from "../store";
import { type BannerState, type Commit, type DomPage, ensure, type MountOptions } from "../types";
import { registerAll } from "./adapters/dcc";
import { delegate } from "./adapters/html";
import type { Load } from "./adapters/lazy";
import type { Banner } from "./banner";
import type { mark, Title } from "./busy";
import type { keepFocus } from "./focus";
import type { quieten } from "./live";
import type { Overlay } from "./overlay";
import { isEditable, type Order, Renderer } from "./render";

interface Late {
  Banner: typeof Banner;
  Overlay: typeof Overlay;
  quieten: typeof quieten;
  inOrder: Order;
  keepFocus: typeof keepFocus;
  mark: typeof mark;
  Title: typeof Title;
}

export interface PageOptions extends MountOptions<Store> {
  /** Asked again when it could not. */
  load: Load;
}

/** A frame that does not come (a frame scrolled out of its page gets none) is waited for this long, in ms. */
const LONGEST_FRAME = 1000;

export function mountPage(options: PageOptions): DomPage {
  const { root, store, emit } = options;
  registerAll(options.base, options.load);
  const renderer = new Renderer(root, emit, options.problem);
  let banner: Banner | undefined;
  let overlay: Overlay | undefined;
  let quiet: (() => void) | undefined;
  let words: Late | undefined;
  let state: BannerState = { state: "live" };
  const over = new AbortController();
  const { signal } = over;
  delegate(root, (el) => renderer.at(el), emit, signal);
  let changed = new Map<string, Set<string>>();
  let frame = 0;
  let fallback: ReturnType<typeof setTimeout> | undefined;
  const painted: (() => void)[] = [];
  let waiting = new Map<string, Set<string>>();
  let title: Title | undefined;

  /** A page that cannot load the words goes on without them. */
  function late(then: (late: Late) => void): void {
    if (words) then(words);
    else
      options.load("late.js").then(
        (loaded) => {
          if (signal.aborted) return;
          words = loaded as Late;
          renderer.order = words.inOrder;
          then(words);
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
    if (words) words.keepFocus(show);
    else show();
    late((words) => {
      quiet ??= words.quieten(root);
      mark(words);
    });
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

  const mark = (late: Late) => late.mark(root, waiting, renderer.views);

  root.replaceChildren();
  renderer.render(store.root);
  const unsubscribe = store.subscribe(onCommit);
  document.addEventListener("visibilitychange", onVisible, { signal });

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
    loading(ids: Map<string, Set<string>>) {
      waiting = ids;
      late(mark);
    },
    banner(next: BannerState) {
      state = next;
      root.dataset.wscbState = state.state;
      root.dispatchEvent(new CustomEvent("wscb:state", { bubbles: true, detail: state }));
      if (options.banner === false) return;
      if (banner) banner.show(state);
      // At the first `connecting`: so it is there, and says the newest, when the server is not.
      else if (state.state !== "live") late(({ Banner }) => (banner ??= new Banner()).show(state));
    },
    showError: (error) => late(({ Overlay }) => (overlay ??= new Overlay()).show(error)),
    title(busy: boolean) {
      const text = options.updateTitle;
      if (text != null) late(({ Title }) => (title ??= new Title(text)).show(busy));
    },
    destroy() {
      over.abort();
      unsubscribe();
      cancelAnimationFrame(frame);
      clearTimeout(fallback);
      renderer.render(null);
      banner?.destroy();
      overlay?.destroy();
      quiet?.();
      settle();
    },
  };
}
