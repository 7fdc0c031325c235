/**
 * From a component's props to an element's attributes, properties and style.
 *
 * Props come over the wire, perhaps with text that a visitor wrote, so this is where script is kept out: no markup is
 * ever parsed, `on*` and `srcdoc` do not pass, and addresses with a script in them are refused wherever an address can stand.
 */
export type Props = Record<string, unknown>;

/** A prop that must not reach the page. `why` is for the log. */
export class Refused extends Error {
  declare prop: string;

  constructor(prop: string, why = "script") {
    super(`${prop}: ${why}`);
    this.prop = prop;
  }
}

const FORBIDDEN = /^(on|srcdoc$|(inner|outer)(HTML|Text)$|textContent$|__|constructor$|prototype$)/i;
const ADDRESS =
  /^(href|src|srcset|imagesrcset|action|formaction|xlink:?href|data|poster|background|cite|ping|manifest|codebase|values|to|from|by|content|url)$/i;
const SCRIPT = /^(java|vb)script:|^data:[^,;]*(html|\bxml|script)/i;
const PROPERTY = /^(value|checked|open|muted|selected|indeterminate|volume|playbackRate|currentTime)$/;
const ENUMERATED = /^(aria-|data-|contenteditable$|draggable$|spellcheck$|writingsuggestions$)/;
const WORDS: Record<string, string[]> = { translate: ["no", "yes"], autocomplete: ["off", "on"] };
const NAMES: Record<string, string> = {
  className: "class",
  htmlFor: "for",
  httpEquiv: "http-equiv",
  acceptCharset: "accept-charset",
};

/** True for an address that would run a script. Browsers skip control characters and blanks inside a scheme, so we do. */
export function isScript(value: unknown, tag = ""): boolean {
  const address = String(value).replace(/[^!-~]+/g, "");
  return SCRIPT.test(address) && !(tag === "img" && /^data:image\/svg/i.test(address));
}

/** Throws `Refused` when this prop with this value has no business in the page. */
export function guard(name: string, value: unknown, tag = ""): void {
  if (FORBIDDEN.test(name) || (ADDRESS.test(name) && isScript(value, tag))) throw new Refused(name);
}

/** Sets what differs between two style objects: camelCase names or custom properties, plain numbers in px as in Dash. */
export function setStyle(style: CSSStyleDeclaration, next: unknown, old?: unknown): void {
  const css = (name: string) =>
    name.startsWith("--") ? name : name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
  const wanted = (next ?? {}) as Props;
  for (const name in (old ?? {}) as Props) if (wanted[name] == null) style.removeProperty(css(name));
  for (const name in wanted) {
    const value = wanted[name];
    if (value == null || typeof value === "boolean") continue;
    // The browser knows which properties take plain numbers.
    const px = typeof value === "number" && !CSS.supports(css(name), String(value)) ? "px" : "";
    const text = String(value).trim() + px;
    if (/(java|vb)script:|expression\(/i.test(text.replace(/\s|\\|\/\*.*?\*\//g, ""))) {
      throw new Refused("style");
    }
    const plain = text.replace(/\s*!important$/, "");
    style.setProperty(css(name), plain, plain === text ? "" : "important");
  }
}

type Field = Element & { value: unknown; selectionStart?: number | null; selectionEnd?: number | null };

/** Sets the value of a field, leaves alone what reads the same, and keeps the caret of one that has the focus. */
function setValue(el: Field, value: unknown): void {
  const text = value ?? "";
  if (typeof text === "number" && el.value !== "" && Number(el.value) === text) return;
  if (String(el.value) === String(text)) return;
  const { selectionStart: start, selectionEnd: end } = el;
  el.value = text;
  if (start != null && el === document.activeElement)
    (el as HTMLInputElement).setSelectionRange(start, end ?? start);
}

/** Sets one prop of an element, as the names of `html` have it. Throws `Refused`. */
export function setProp(el: Element, name: string, value: unknown, old?: unknown): void {
  guard(name, value, el.localName);
  if (name === "style") {
    setStyle((el as HTMLElement).style, value, old);
    return;
  }
  if (name === "value" && Array.isArray(value) && el.localName === "select") {
    for (const option of (el as HTMLSelectElement).options) option.selected = value.includes(option.value);
    return;
  }
  // A progress bar without the attribute is one that does not know how far it is, though its value reads as 0.
  if (PROPERTY.test(name) && name in el && el.localName !== "progress") {
    if (name === "value") setValue(el as Field, value);
    else if (value != null || typeof (el as unknown as Props)[name] === "boolean") {
      (el as unknown as Props)[name] = typeof (el as unknown as Props)[name] === "boolean" ? !!value : value;
    }
    return;
  }
  const attribute = NAMES[name] ?? name.toLowerCase();
  const words = WORDS[attribute];
  let text: unknown = value;
  if (typeof value === "boolean")
    text = words ? words[+value] : ENUMERATED.test(attribute) ? value : value ? "" : null;
  else if (Array.isArray(value)) text = value.join(/^(srcset|coords|accept)$/.test(attribute) ? "," : " ");
  if (text == null) el.removeAttribute(attribute);
  else if (el.getAttribute(attribute) !== String(text)) el.setAttribute(attribute, String(text));
}
