/** `Location` and `Link`: the address of the page as props, and going elsewhere without loading it anew. */
import type { Emit, Mounted } from "../adapters/adapter";
import { setAll } from "../adapters/html";
import { guard, type Props } from "../props";

const PARTS = ["pathname", "search", "hash", "href"] as const;
const NOT_SHOWN = /^(children|id|key|refresh)$/;

const followers = new Set<() => void>();
const follow = () => {
  for (const tell of followers) tell();
};
addEventListener("popstate", follow);
addEventListener("hashchange", follow);

function go(url: URL, loads: boolean): void {
  if (url.href === location.href) return;
  if (loads || url.origin !== location.origin) location.assign(url.href);
  else {
    history.pushState(null, "", url);
    follow();
  }
}

export const mount = (el: HTMLElement, type: string, _props: Props, emit: Emit): Mounted =>
  type === "Link" ? link(el as HTMLAnchorElement) : here(el, emit);

/** Where changed props lead to; nowhere when that is where the page is. */
function wanted(changed: Props): URL | undefined {
  let url: URL | undefined;
  for (const part of PARTS) {
    const value = changed[part];
    if (value == null || value === location[part]) continue;
    if (part === "href") {
      guard(part, value);
      return new URL(String(value), location.href);
    }
    url ??= new URL(location.href);
    url[part] = String(value);
  }
  return url;
}

function here(el: HTMLElement, emit: Emit): Mounted {
  const props: Props = {};
  el.hidden = true;
  const tell = () => {
    const told: Props = {};
    for (const part of PARTS) {
      if (props[part] !== location[part]) told[part] = props[part] = location[part];
    }
    if (Object.keys(told).length) emit(told);
  };
  followers.add(tell);
  return {
    set(changed) {
      Object.assign(props, changed);
      const url = wanted(changed);
      if (url) go(url, (props.refresh ?? true) === true);
      tell();
    },
    destroy: () => followers.delete(tell),
  };
}

function link(el: HTMLAnchorElement): Mounted {
  const props: Props = {};
  const tell = () => {
    const current = el.hasAttribute("href") && el.href.split("#")[0] === location.href.split("#")[0];
    el.ariaCurrent = current ? "page" : null;
  };
  followers.add(tell);
  el.addEventListener("click", (event) => {
    const { button, ctrlKey, metaKey, shiftKey, altKey, defaultPrevented } = event;
    if (defaultPrevented || button || ctrlKey || metaKey || shiftKey || altKey || props.refresh) return;
    if ((props.target ?? "_self") !== "_self" || !el.hasAttribute("href")) return;
    const url = new URL(el.href);
    // A place in the same page, or another site: the browser goes there by itself.
    if (url.origin !== location.origin || (url.hash && el.href.split("#")[0] === location.href.split("#")[0]))
      return;
    event.preventDefault();
    go(url, false);
    const place = url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1)));
    if (place) place.scrollIntoView();
    else scrollTo(0, 0);
  });
  return {
    set(changed) {
      setAll(el, changed, props, NOT_SHOWN);
      Object.assign(props, changed);
      tell();
    },
    destroy: () => followers.delete(tell),
  };
}
