/** `Input` and `Textarea`: what is typed is told at once, when it rests, or when it is done, as `debounce` says. */
import type { Props } from "../props";
import type { Adapter } from "./adapter";
import { counted, setAll } from "./html";

export const field: Adapter = {
  tag: (type) => type,
  mount(el, type, _props, emit) {
    const input = el as HTMLInputElement;
    const props: Props = {};
    let untold = false;
    let rest: ReturnType<typeof setTimeout> | undefined;

    const read = () => {
      if (!/^(number|range)$/.test(input.type)) return input.value;
      return input.value === "" || !input.validity.valid ? null : Number(input.value);
    };
    const tell = (name?: string) => {
      clearTimeout(rest);
      const report = { ...(untold && { value: read() }), ...(name && counted(props, name)) };
      untold = false;
      Object.assign(props, report);
      if (Object.keys(report).length) emit(report);
    };
    input.addEventListener("input", () => {
      const { debounce } = props;
      untold = true;
      clearTimeout(rest);
      if (!debounce) tell();
      else if (typeof debounce === "number") rest = setTimeout(tell, debounce * 1000);
    });
    input.addEventListener("change", () => tell());
    input.addEventListener("blur", () => tell("n_blur"));
    if (type === "Input") {
      // Enter that ends a composition chooses a word; it does not submit.
      input.addEventListener("keydown", (e) => e.key === "Enter" && !e.isComposing && tell("n_submit"));
    }

    return {
      set(changed) {
        // A number need not be a whole one, unless the layout says so.
        if (changed.type === "number" && props.step == null) changed = { step: "any", ...changed };
        const held = untold && document.activeElement === input;
        // Its own echo must not touch a field: "1." reads as 1, and what is not valid yet reads as nothing.
        if ("value" in changed && (held || (changed.value ?? null) === read())) {
          const { value: _, ...others } = changed;
          changed = others;
        }
        setAll(input, changed, props);
      },
      destroy: () => clearTimeout(rest),
    };
  },
};
