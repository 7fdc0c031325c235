/** How things stand with the page, around its components: banner, errors, title, marks of what waits. */
import { type BannerState, type DomPage, isError, nameOf, type Problem } from "../types";
import { Banner } from "./banner";
import { mark, Title } from "./busy";
import { keepFocus } from "./focus";
import { quieten } from "./live";
import { inOrder } from "./order";
import { Overlay, type Shown } from "./overlay";
import type { PageOptions } from "./page";
import type { Renderer } from "./render";

export class Status implements Pick<DomPage, "banner" | "ended" | "loading" | "problem"> {
  readonly keepFocus = keepFocus;
  private banners: Banner | undefined;
  private errors: Overlay | undefined;
  private titles: Title | undefined;
  private told: Promise<unknown> | undefined;
  private waiting = new Map<string, Set<string>>();

  constructor(
    private readonly options: PageOptions,
    private readonly renderer: Renderer,
  ) {
    quieten(options.root);
    renderer.order = inOrder;
  }

  loading(waiting: Map<string, Set<string>>, busy: boolean): void {
    this.waiting = waiting;
    this.mark();
    const text = this.options.page.update_title;
    if (text != null) (this.titles ??= new Title(text)).show(busy);
  }

  /** Marks what waits; there may be new views. */
  mark(): void {
    mark(this.options.root, this.waiting, this.renderer.views);
  }

  banner(state: BannerState): void {
    if (this.options.page.banner === false) return;
    // At the first `connecting`: so it is there, and says the newest, when the server is not.
    if (this.banners || state.state !== "live") (this.banners ??= new Banner()).show(state);
  }

  ended(...[spec, how, detail]: Parameters<DomPage["ended"]>): void {
    const about = [spec.id, spec.outputs].join();
    const callback = nameOf(spec, this.options.page.debug);
    if (isError(how, detail)) this.overlay.show({ code: how, callback, about, ...detail });
    else if (/^(ok|no_update|running)$/.test(how)) this.errors?.well(about);
  }

  /** In debug it is shown. Where there is no socket, the log does not know of it yet. */
  problem(problem: Problem): void {
    const { page, load } = this.options;
    if (!page.debug && page.socket) return;
    const asked: Promise<Shown | undefined> = load("problems.js").then(({ explained }) =>
      explained(problem, page),
    );
    // In their order, whichever is explained first.
    this.told = Promise.allSettled([asked, this.told]).then(([one]) => {
      if (one.status === "rejected") console.warn(problem);
      else if (one.value) this.overlay.show(one.value);
    });
  }

  private get overlay(): Overlay {
    return (this.errors ??= new Overlay());
  }
}
