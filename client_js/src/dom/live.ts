/** What a screen reader hears of regions that change faster than it speaks. */

const LIVE = "output, [aria-live], [role=status], [role=log], [role=alert]";
/** ms for which a region rests after it was read. */
const REST = 1000;

/**
 * A live region that changes more than once a second is marked busy in between, so that a screen reader reads what it
 * has come to once a second and does not fall behind.
 */
export function quieten(root: Element): void {
  /** Regions at rest, and whether they have changed meanwhile. */
  const resting = new Map<Element, boolean>();
  const rest = (el: Element) => {
    resting.set(el, false);
    setTimeout(() => {
      if (resting.get(el)) rest(el);
      else resting.delete(el);
      if (!el.hasAttribute("data-wscb-loading")) el.removeAttribute("aria-busy");
    }, REST);
  };
  const changed = (el: Element) => {
    if (!resting.has(el)) rest(el);
    else {
      resting.set(el, true);
      el.setAttribute("aria-busy", "true");
    }
  };
  const watcher = new MutationObserver((records) => {
    for (const el of new Set(records.map(({ target }) => region(target)))) if (el) changed(el);
  });
  watcher.observe(root, { childList: true, characterData: true, subtree: true });
  for (const el of root.querySelectorAll(LIVE)) rest(el);
}

/** The live region that a node stands in, or is. */
function region(node: Node): Element | null {
  return (node instanceof Element ? node : node.parentElement)?.closest(LIVE) ?? null;
}
