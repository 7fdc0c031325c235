/** `Upload` and `Download`: files from the visitor and to the visitor. */
import type { Emit, Mounted } from "../adapters/adapter";
import { h } from "../h";
import { type Props, setStyle } from "../props";
import { outer, pressable } from "./outer";

/** ms for which it shows that a file was not taken. */
const SHOWN = 2000;

export const mount = (el: HTMLElement, type: string, _props: Props, emit: Emit): Mounted =>
  type === "Download" ? download(el) : upload(el, emit);

interface Sent {
  content: string;
  filename: string;
  type?: string | null;
  base64?: boolean | null;
}

function download(el: HTMLElement): Mounted {
  const props: Props = {};
  let last: unknown;
  el.hidden = true;
  return {
    set(changed) {
      Object.assign(props, changed);
      const { data } = props as { data?: Sent };
      if (!data || data === last) return;
      last = data;
      const { content, filename } = data;
      const bytes =
        (data.base64 ?? props.base64) ? Uint8Array.from(atob(content), (c) => c.charCodeAt(0)) : content;
      const type = String(data.type ?? props.type ?? "text/plain");
      const url = URL.createObjectURL(new Blob([bytes], { type }));
      Object.assign(h("a"), { href: url, download: filename }).click();
      // Until the browser has read it.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
  };
}

/** Whether a file is of one of these kinds: ".csv", "text/csv", "image/*", with commas between. */
function fits({ name, type }: File, accept: unknown): boolean {
  const kinds = String(accept ?? "")
    .split(",")
    .map((kind) => kind.trim().toLowerCase())
    .filter(Boolean);
  const is = (kind: string) =>
    kind.startsWith(".")
      ? name.toLowerCase().endsWith(kind)
      : kind.endsWith("/*")
        ? type.startsWith(kind.slice(0, -1))
        : type === kind || kind === "*";
  return !kinds.length || kinds.some(is);
}

function read(file: File): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
}

type Look = "active" | "reject" | "disabled";

function upload(el: HTMLElement, emit: Emit): Mounted {
  const props: Props = {};
  const field = Object.assign(h("input"), { type: "file", hidden: true, tabIndex: -1 });
  let inside = 0;
  let rejected: ReturnType<typeof setTimeout> | undefined;
  let worn: Look | undefined;
  let state: Look | undefined;
  let over = false;
  el.prepend(field);

  function wear(look?: Look): void {
    state = look;
    const now = props.disabled ? "disabled" : look;
    const style = (of?: Look) => ({ ...(props.style as Props), ...(of && (props[`style_${of}`] as Props)) });
    const names = (of?: Look) => String((of && props[`className_${of}`]) ?? "").split(/\s+/);
    el.classList.remove(...names(worn).filter(Boolean));
    el.classList.add(...names(now).filter(Boolean));
    setStyle(el.style, style(now), style(worn));
    for (const of of ["active", "reject", "disabled"]) el.toggleAttribute(`data-${of}`, of === now);
    worn = now;
  }
  async function take(files: File[]): Promise<void> {
    const { min_size, max_size, accept, multiple } = props;
    const most = Number(max_size ?? -1);
    const right = files.filter(
      (file) => fits(file, accept) && file.size >= Number(min_size ?? 0) && (most < 0 || file.size <= most),
    );
    const chosen = multiple ? right : right.slice(0, 1);
    let contents: string[] = [];
    el.ariaBusy = "true";
    try {
      contents = await Promise.all(chosen.map(read));
    } catch {} // a folder, or a file that is gone
    el.ariaBusy = null;
    if (over) return;
    if (right.length < files.length || contents.length < chosen.length) {
      wear("reject");
      clearTimeout(rejected);
      rejected = setTimeout(wear, SHOWN);
    }
    if (!contents.length) return;
    const lists = {
      contents,
      filename: chosen.map(({ name, webkitRelativePath }) => webkitRelativePath || name),
      last_modified: chosen.map(({ lastModified }) => lastModified / 1000),
    };
    emit(
      multiple ? lists : Object.fromEntries(Object.entries(lists).map(([name, [first]]) => [name, first])),
    );
  }

  const open = () => props.disabled || props.disable_click || field.click();
  field.addEventListener("change", () => {
    const files = [...(field.files ?? [])];
    field.value = ""; // the same file may be chosen again
    take(files);
  });
  el.addEventListener("click", ({ target }) => target !== field && open());
  pressable(el, open);
  const drag = (type: string, act: (event: DragEvent) => void) =>
    el.addEventListener(type, (event) => {
      if (props.disabled) return;
      event.preventDefault();
      act(event as DragEvent);
    });
  drag("dragenter", () => {
    inside++;
    wear("active");
  });
  drag("dragover", () => {});
  drag("dragleave", () => {
    if (!--inside) wear();
  });
  drag("drop", ({ dataTransfer }) => {
    inside = 0;
    wear();
    take([...(dataTransfer?.files ?? [])]);
  });

  return {
    set(changed) {
      worn = undefined;
      outer(el, changed, props, "wscb-upload");
      Object.assign(props, changed);
      field.accept = String(props.accept ?? "");
      field.multiple = !!props.multiple;
      field.webkitdirectory = !!(props.multiple && props.enable_folder_selection);
      // What has a button in it needs to be none itself.
      const pressed = !props.disable_click && !el.querySelector("button, a[href]");
      el.role = pressed ? "button" : "group";
      el.tabIndex = pressed && !props.disabled ? 0 : -1;
      el.ariaDisabled = props.disabled ? "true" : null;
      wear(state);
    },
    destroy() {
      over = true;
      clearTimeout(rejected);
    },
  };
}
