/** The elements of `html`: an element each, with clicks and fields reported from one listener at the root. */
import { type Props, setProp } from "../props";
import type { View } from "../render";
import type { Adapter } from "./adapter";

/** Props that are not attributes: what the page reports, and what steers it. */
const NOT_SHOWN =
  /^(children|id|key|(n_(clicks|submit|blur))(_timestamp)?|disable_n_clicks|debounce|modal|returnValue)$/;

/** Sets props on an element, the value last (it depends on the others), and throws the first refusal at the end. */
export function setAll(el: Element, props: Props, shown: Props, skip = NOT_SHOWN): void {
  let refused: unknown;
  const set = (name: string) => {
    try {
      setProp(el, name, props[name], shown[name]);
    } catch (error) {
      refused ??= error;
    }
  };
  for (const name in props) if (name !== "value" && !skip.test(name)) set(name);
  if ("value" in props && !skip.test("value")) set("value");
  Object.assign(shown, props);
  if (refused) throw refused;
}

export const html: Adapter = {
  tag: (type) => type.replace(/El$/, ""),
  mount(el) {
    const shown: Props = {};
    return {
      slot: el,
      set(props) {
        // A select loses its choice when its options change.
        if ("children" in props && el.localName === "select" && "value" in shown)
          props = { value: shown.value, ...props };
        setAll(el, props, shown);
      },
    };
  },
};

/** `n_clicks` and its like: the count that follows, and when. */
export function counted(props: Props, name: string): Props {
  return { [name]: (Number(props[name]) || 0) + 1, [`${name}_timestamp`]: Date.now() };
}

/** What a field tells on `event`; nothing when the other event is the one that tells. */
function stateOf(el: HTMLInputElement, event: string): Props | undefined {
  const ticked = /^(checkbox|radio)$/.test(el.type);
  const select = el.localName === "select";
  if ((event === "change") !== (ticked || select) || el.type === "file") return undefined;
  if (ticked) return { checked: el.checked };
  if (select && el.multiple) {
    return { value: [...(el as unknown as HTMLSelectElement).selectedOptions].map((option) => option.value) };
  }
  return { value: el.value };
}

/** Listens at the root for what happens to plain elements. */
export function delegate(
  root: Element,
  at: (el: Element) => View | undefined,
  emit: (id: string, props: Props) => void,
): void {
  type Report = (props: Props, el: HTMLInputElement) => Props | undefined;
  const tell = (el: Element, of: RegExp, report: Report) => {
    const { id, node } = at(el) ?? {};
    const props =
      id !== undefined &&
      node &&
      of.test(node.namespace + node.type) &&
      report(node.props, el as HTMLInputElement);
    if (props) emit(id, props);
  };
  const on = (type: string, tag: RegExp, report: Report) =>
    root.addEventListener(
      type,
      ({ target }) =>
        tag.test((target as Element).localName) && tell(target as Element, /^wscb_html/, report),
      // Some of these do not bubble.
      true,
    );

  root.addEventListener("click", ({ target }) => {
    for (let up = target as Element | null; up && up !== root; up = up.parentElement) {
      tell(up, /^wscb_(html|element|dccTextarea)/, (props) =>
        props.disable_n_clicks || props.disabled ? undefined : counted(props, "n_clicks"),
      );
    }
  });
  for (const type of ["input", "change"]) on(type, /^(input|textarea|select)$/, (_, el) => stateOf(el, type));
  on("toggle", /^details$/, (props, el) => {
    const { open } = el as unknown as HTMLDetailsElement;
    return open === !!props.open ? undefined : { open };
  });
  root.addEventListener(
    "submit",
    (event) => !(event.target as Element).hasAttribute("action") && event.preventDefault(),
  );
}
