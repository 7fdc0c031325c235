/** When the colours of an element may have changed: a theme is set on the page, or on any component around it. */
export function watchTheme(el: Element, signal: AbortSignal, changed: () => void): void {
  const watcher = new MutationObserver((records) => {
    if (records.some(({ target }) => target.contains(el))) changed();
  });
  watcher.observe(document.documentElement, { attributeFilter: ["class", "style", "data-theme"] });
  // Classes and styles change all the time, so below the root it is this one attribute that says theme.
  watcher.observe(document.body, { attributeFilter: ["data-theme"], subtree: true });
  signal.addEventListener("abort", () => watcher.disconnect());
}
