/** Which module has which component of `dcc`, for those that the core does not name. */
import type { Mounted } from "./adapters/adapter";
import { type Load, lazy, type Mounting } from "./adapters/lazy";
import { styles } from "./styles";

const FILES: Record<string, string[]> = {
  extra: ["Checklist", "RadioItems"],
  navigation: ["Location", "Link"],
  interval: ["Interval"],
  tabs: ["Tabs", "Tab"],
  graph: ["Graph"],
  markdown: ["Markdown"],
  range: ["RangeSlider", "Slider"],
  dates: ["DatePickerSingle", "DatePickerRange"],
  files: ["Upload", "Download"],
  loading: ["Loading"],
  confirm: ["ConfirmDialog", "ConfirmDialogProvider"],
  clipboard: ["Clipboard"],
  tooltip: ["Tooltip"],
};
/** Those that show nothing of their own, or have their styles in wscb.css. */
const BARE = /^(extra|navigation|interval)/;

let styled: Promise<unknown> | undefined;

export function mount(...[el, type, props, emit, fail, base, load]: Mounting): Mounted {
  const file = Object.keys(FILES).find((name) => FILES[name]?.includes(type));
  if (!file) {
    return {
      set() {
        throw new Error(`wscb_dcc.${type} cannot be shown`);
      },
    };
  }
  const both: Load = async (name) => {
    if (!BARE.test(name)) styled ??= styles("dcc.css");
    const module = await load(name);
    await styled;
    return module;
  };
  return lazy(both, base, `${file}.js`).mount(el, type, props, emit, fail);
}
