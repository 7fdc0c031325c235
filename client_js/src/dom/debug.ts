/**
 * Beside the page of an app that is being worked on (`app.run(debug=True)`), and before `wscb.js`: the page is loaded
 * again when a file has changed, and what was typed, ticked or chosen is there again.
 *
 * Its address has the server's build behind "?", and "&ask" where the page has no socket that would tell of another one.
 */
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** A field: the id of the nearest element with one, and which field within that; its value; whether it was committed. */
type Kept = [id: string, index: number, value: string | boolean, committed: boolean];

const FIELDS = "input, textarea, select";
const KEY = `wscb.typed ${location.pathname}`;
const EVERY_MS = 1000;
const LONGEST_MS = 10_000;

const [build, ask] = new URL(import.meta.url).search.slice(1).split("&");
const touched = new Map<Field, boolean>();

function ticks(field: Field): field is HTMLInputElement {
  return /^(checkbox|radio)$/.test(field.type);
}

for (const type of ["input", "change"])
  document.addEventListener(
    type,
    ({ target }) => {
      const field = target as Field;
      if (field.matches?.(FIELDS) && !/^(file|password)$/.test(field.type))
        touched.set(field, type === "change");
    },
    true,
  );

function reload(): void {
  const kept: Kept[] = [];
  for (const [field, committed] of touched) {
    const named = field.closest("[id]");
    if (!named || !field.isConnected) continue;
    const index = field === named ? -1 : [...named.querySelectorAll(FIELDS)].indexOf(field);
    kept.push([named.id, index, ticks(field) ? field.checked : field.value, committed]);
  }
  sessionStorage.setItem(KEY, JSON.stringify([kept, document.activeElement?.id]));
  location.reload();
}

/** What the client asks of a browser; see `browser.ts`. */
const page = globalThis as { wscb?: { reload?: () => void } };
page.wscb = { ...page.wscb, reload };

/** As if it was done again: so callbacks hear of what they had heard, and of nothing else. */
function restore([id, index, value, committed]: Kept): boolean {
  const named = document.getElementById(id);
  const field = (index < 0 ? named : named?.querySelectorAll(FIELDS)[index]) as Field | undefined;
  if (!field?.matches(FIELDS)) return false;
  if (ticks(field)) {
    if (field.checked !== value) field.click();
  } else if (field.value !== value) {
    field.value = value as string;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    if (committed) field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return true;
}

const saved = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
if (saved) {
  let [kept, focused] = JSON.parse(saved) as [Kept[], string | undefined];
  const watcher = new MutationObserver(() => {
    kept = kept.filter((one) => !restore(one));
    const had = focused && document.getElementById(focused);
    if (had) {
      had.focus();
      focused = "";
    }
    if (!kept.length && !focused) watcher.disconnect();
  });
  watcher.observe(document, { childList: true, subtree: true });
  // What is not there by then has gone from the layout.
  setTimeout(() => watcher.disconnect(), LONGEST_MS);
}

/** A page without a socket asks; less often while nobody answers, and not at all while nobody looks. */
async function asking(wait: number): Promise<void> {
  await new Promise((done) => setTimeout(done, wait));
  let next = EVERY_MS;
  if (!document.hidden) {
    try {
      const answer = await fetch(new URL("../../status", import.meta.url), { cache: "no-store" });
      const status = (await answer.json()) as { build: string };
      if (status.build !== build) return reload();
    } catch {
      next = Math.min(2 * wait, LONGEST_MS);
    }
  }
  asking(next);
}

if (ask) asking(EVERY_MS);
