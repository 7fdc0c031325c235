/** `Loading`: a spinner over what waits on a call. */
import type { Mounted } from "../adapters/adapter";
import { setAll } from "../adapters/html";
import { h } from "../h";
import { type Props, setStyle } from "../props";

const MARK = "data-wscb-loading";
const OUTER = /^(?!(data-.*|aria-.*)$)/;
const LOOKS = /^(?!(className|style)$)/;

export function mount(el: HTMLElement): Mounted {
  const props: Props = {};
  const spinner = h("div", "wscb-spinner");
  const said = spinner.appendChild(h("span", "wscb-unseen"));
  spinner.role = "status";
  let busy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The children that are styled while it waits, with what they had. */
  const laid: [HTMLElement, Props][] = [];
  el.prepend(spinner);

  function waits(): boolean {
    const { display, target_components: targets } = props as { display?: string; target_components?: Props };
    if (display === "show" || display === "hide") return display === "show";
    const marked = [el, ...el.querySelectorAll(`[${MARK}]`)].filter((part) => part.hasAttribute(MARK));
    if (!targets) return marked.length > 0;
    return marked.some((part) => {
      const wanted = [targets[part.id] ?? []].flat();
      const waiting = String(part.getAttribute(MARK)).split(" ");
      return wanted.includes("*") || wanted.some((prop) => waiting.includes(String(prop)));
    });
  }
  function show(on: boolean): void {
    busy = on;
    said.textContent = on ? "Loading" : "";
    el.toggleAttribute("data-busy", on);
    for (const [child, had] of laid.splice(0)) setStyle(child.style, had, props.overlay_style);
    const overlay = props.overlay_style as Props | undefined;
    if (!on || !overlay) return;
    for (const child of el.children) {
      if (child === spinner || !(child instanceof HTMLElement)) continue;
      const had = Object.keys(overlay).map((name) => [name, (child.style as unknown as Props)[name] || null]);
      laid.push([child, Object.fromEntries(had)]);
      setStyle(child.style, overlay);
    }
  }
  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    const now = waits();
    if (now === busy) return;
    const delay = Number((now ? props.delay_show : props.delay_hide) ?? 0);
    if (delay) timer = setTimeout(() => show(now), delay);
    else show(now);
  }
  const watcher = new MutationObserver(look);
  watcher.observe(el, { attributeFilter: [MARK], childList: true, subtree: true });

  return {
    set(changed) {
      const { parent_className, parent_style, ...rest } = changed;
      setAll(el, rest, {}, OUTER);
      setAll(spinner, rest, { style: props.style }, LOOKS);
      if ("parent_className" in changed) setAll(el, { className: parent_className }, {}, LOOKS);
      if ("parent_style" in changed) setStyle(el.style, parent_style, props.parent_style);
      Object.assign(props, changed);
      el.classList.add("wscb-loading");
      spinner.classList.add("wscb-spinner");
      spinner.dataset.type = String(props.type ?? "default");
      el.toggleAttribute("data-fullscreen", !!props.fullscreen);
      setStyle(spinner.style, { "--wscb-spinner": props.color }, { "--wscb-spinner": "" });
      look();
    },
    destroy() {
      watcher.disconnect();
      clearTimeout(timer);
    },
  };
}
