/** `Tooltip`: a bubble beside a place in its parent, above all else in the page. */
import type { Mounted } from "../adapters/adapter";
import { h } from "../h";
import { type Props, setStyle } from "../props";
import { outer } from "./outer";

const MARK = "data-wscb-loading";
/** px between the place and the bubble. */
const GAP = 10;
const OPPOSITE: Record<string, string> = { left: "right", right: "left", top: "bottom", bottom: "top" };

type Box = Record<"x0" | "y0" | "x1" | "y1", number>;

export function mount(el: HTMLElement): Mounted {
  const props: Props = {};
  const wait = h("span", "wscb-wait");
  const stop = new AbortController();
  const { signal } = stop;
  el.prepend(wait);
  el.role = "tooltip";
  el.popover = "manual";

  /** Where it stands on that side, and whether there is room. */
  function at(side: string, { x0, y0, x1, y1 }: Box): { left: number; top: number; fits: boolean } {
    const { offsetWidth: width, offsetHeight: height } = el;
    const { left: x, top: y } = (el.parentElement as Element).getBoundingClientRect();
    const across = x + (x0 + x1) / 2 - width / 2;
    const down = y + (y0 + y1) / 2 - height / 2;
    const left = side === "left" ? x + x0 - GAP - width : side === "right" ? x + x1 + GAP : across;
    const top = side === "top" ? y + y0 - GAP - height : side === "bottom" ? y + y1 + GAP : down;
    const fits = left >= 0 && top >= 0 && left + width <= innerWidth && top + height <= innerHeight;
    return { left, top, fits };
  }
  function place(): void {
    const box = props.bbox as Box | undefined;
    if (!box) return;
    let side = String(props.direction ?? "right");
    let spot = at(side, box);
    const other = OPPOSITE[side] ?? side;
    if (!spot.fits && at(other, box).fits) spot = at((side = other), box);
    el.dataset.side = side;
    el.style.left = `${Math.round(spot.left)}px`;
    el.style.top = `${Math.round(spot.top)}px`;
  }
  function show(): void {
    const loading = el.hasAttribute(MARK);
    el.toggleAttribute("data-waits", loading);
    wait.textContent = loading ? String(props.loading_text ?? "Loading...") : "";
    const on = !!props.bbox && props.show !== false && el.isConnected;
    if (on !== el.matches(":popover-open")) el.togglePopover(on);
    if (on) place();
  }
  const watcher = new MutationObserver(show);
  watcher.observe(el, { attributeFilter: [MARK] });
  for (const type of ["scroll", "resize"])
    addEventListener(type, place, { signal, capture: true, passive: true });

  return {
    set(changed) {
      outer(el, changed, props, "wscb-tooltip");
      Object.assign(props, changed);
      el.toggleAttribute("data-targetable", !!props.targetable);
      const { background_color, border_color } = props;
      setStyle(el.style, {
        ...(background_color != null && { "--wscb-tooltip": background_color }),
        ...(border_color != null && { "--wscb-tooltip-border": border_color }),
      });
      show();
    },
    destroy() {
      stop.abort();
      watcher.disconnect();
    },
  };
}
