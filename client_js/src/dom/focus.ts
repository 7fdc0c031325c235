/** Runs `change` and gives the focus back to an element that lost it by being moved, with its selection. */
export function keepFocus(change: () => void): void {
  const active = document.activeElement as HTMLInputElement | null;
  const { selectionStart: start, selectionEnd: end } = active ?? {};
  change();
  if (!active?.isConnected || active === document.activeElement) return;
  active.focus({ preventScroll: true });
  if (start != null) active.setSelectionRange(start, end ?? start);
}
