/** `Dialog`: opened and closed by its own methods, so that a modal one holds the focus and dims the page. */
import type { Props } from "../props";
import type { Adapter } from "./adapter";
import { setAll } from "./html";

export const dialog: Adapter["mount"] = (el, _type, _props, emit) => {
  const shown: Props = {};
  el.addEventListener("close", () =>
    emit({ open: false, returnValue: (el as HTMLDialogElement).returnValue }),
  );
  return {
    set(props) {
      const { open, ...rest } = props;
      setAll(el, rest, shown);
      if ("open" in props) setOpen(el as HTMLDialogElement, !!open, shown.modal !== false);
    },
  };
};

function setOpen(dialog: HTMLDialogElement, open: boolean, modal: boolean): void {
  if (open === dialog.open) return;
  // A modal dialog needs its place in the document, which the first frame gives it.
  if (open)
    queueMicrotask(() => dialog.isConnected && !dialog.open && (modal ? dialog.showModal() : dialog.show()));
  else dialog.close();
}
