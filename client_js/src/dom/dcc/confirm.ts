/** `ConfirmDialog` and `ConfirmDialogProvider`: a question in a dialog of the browser's. */
import type { Emit, Mounted } from "../adapters/adapter";
import { counted, setAll } from "../adapters/html";
import { h } from "../h";
import type { Props } from "../props";

const OUTER = /^(?!(data-.*|aria-.*)$)/;
let count = 0;

export function mount(el: HTMLElement, type: string, _props: Props, emit: Emit): Mounted {
  const props: Props = {};
  const dialog = h("dialog", "wscb-confirm");
  const message = h("p");
  const buttons = h("div", "wscb-buttons");
  const [cancel, submit] = ["Cancel", "OK"].map((text) =>
    Object.assign(h("button", text === "OK" ? "primary" : "", text), { type: "button" }),
  ) as [HTMLButtonElement, HTMLButtonElement];
  submit.autofocus = true;
  message.id = `wscb-question-${++count}`;
  dialog.role = "alertdialog";
  dialog.setAttribute("aria-labelledby", message.id);
  buttons.append(cancel, submit);
  dialog.append(message, buttons);
  // Not in its element, where a click on OK would be one on what is around it.
  document.body.append(dialog);
  el.classList.add("wscb-asking");

  const ask = () => {
    if (!dialog.open) dialog.showModal();
  };
  const answer = (name?: string) => {
    props.displayed = false;
    if (dialog.open) dialog.close();
    if (name) emit({ displayed: false, ...counted(props, name) });
  };
  submit.addEventListener("click", () => answer("submit_n_clicks"));
  cancel.addEventListener("click", () => answer("cancel_n_clicks"));
  dialog.addEventListener("cancel", () => answer("cancel_n_clicks"));
  if (type === "ConfirmDialogProvider") {
    el.addEventListener("click", () => {
      props.displayed = true;
      ask();
      emit({ displayed: true });
    });
  }
  return {
    set(changed) {
      setAll(el, changed, {}, OUTER);
      Object.assign(props, changed);
      message.textContent = String(props.message ?? "");
      if (!("displayed" in changed)) return;
      if (props.displayed) ask();
      else answer();
    },
    destroy: () => dialog.remove(),
  };
}
