/** `Clipboard`: a button that copies. */
import type { Emit, Mounted } from "../adapters/adapter";
import { h } from "../h";
import type { Props } from "../props";
import { outer, pressable } from "./outer";

const SVG = "http://www.w3.org/2000/svg";
const COPY = "M5.5 5.5v-3h8v8h-3m-8-5h8v8h-8z";
const CHECK = "M3 8.5l3.5 3.5L13 4.5";
const MARK = "data-wscb-loading";
/** ms for which it shows that it has copied. */
const SHOWN = 1000;

function icon(path: string): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const line = svg.appendChild(document.createElementNS(SVG, "path"));
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "wscb-icon");
  svg.ariaHidden = "true";
  line.setAttribute("d", path);
  return svg;
}

/** What a person would copy there: the value of a field, or the text. */
function textOf(id: string): string {
  const target = document.getElementById(id) as HTMLInputElement | null;
  if (!target) throw new Error(`There is no component ${id} to copy from`);
  return target.localName === "textarea" || target.localName === "input" || target.localName === "select"
    ? target.value
    : // biome-ignore lint/performance/useDomNodeTextContent: What is hidden is not copied, and lines stay lines.
      target.innerText;
}

async function write(text: string, html?: string): Promise<void> {
  if (html !== undefined && navigator.clipboard) {
    const kinds = { "text/plain": text, "text/html": html };
    const blobs = Object.entries(kinds).map(([type, part]) => [type, new Blob([part], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
  } else if (navigator.clipboard) await navigator.clipboard.writeText(text);
  else {
    // Without https there is only the old way.
    const field = h("textarea", "wscb-unseen", text);
    const active = document.activeElement as HTMLElement | null;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    active?.focus();
    if (!done) throw new Error("The browser did not copy");
  }
}

const frame = () => new Promise(requestAnimationFrame);

/** Resolves when no call runs that this waits on. */
const calm = (el: Element) =>
  new Promise<void>((done) => {
    const look = () => {
      if (el.hasAttribute(MARK)) return;
      watcher.disconnect();
      done();
    };
    const watcher = new MutationObserver(look);
    watcher.observe(el, { attributeFilter: [MARK] });
    look();
  });

export function mount(el: HTMLElement, _type: string, _props: Props, emit: Emit): Mounted {
  const props: Props = {};
  const own = icon(COPY);
  const done = h("span", "wscb-copied");
  let timer: ReturnType<typeof setTimeout> | undefined;
  done.role = "status";
  el.prepend(own, done);
  el.role = "button";
  el.tabIndex = 0;

  async function copy(): Promise<void> {
    emit({ n_clicks: (props.n_clicks = Number(props.n_clicks ?? 0) + 1) });
    // A callback that hears of the click is marked by the next frame, and what it answers is here by the one after it.
    await frame();
    await calm(el);
    await frame();
    const { target_id, content, html_content } = props as Record<string, string | undefined>;
    await write(
      target_id ? textOf(target_id) : (content ?? ""),
      target_id ? undefined : (html_content ?? undefined),
    );
    el.dataset.copied = "";
    done.textContent = String(props.copied_children ?? "");
    if (!props.copied_children) {
      done.append(icon(CHECK), h("span", "wscb-unseen", "Copied"));
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      delete el.dataset.copied;
      done.textContent = "";
    }, SHOWN);
  }
  const press = () => {
    copy().catch((error) => console.warn(error));
  };
  el.addEventListener("click", press);
  pressable(el, press);
  return {
    set(changed) {
      outer(el, changed, props, "wscb-clipboard");
      Object.assign(props, changed);
      const empty = props.children == null || props.children === "";
      own.toggleAttribute("hidden", !empty);
      el.toggleAttribute("data-plain", empty);
      if (empty && !el.ariaLabel) el.ariaLabel = "Copy";
    },
    destroy: () => clearTimeout(timer),
  };
}
