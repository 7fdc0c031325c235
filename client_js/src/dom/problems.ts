/**
 * What is wrong with a page itself: a change that does not fit, a component that is not there. The server knows more of
 * it, and is asked for its words; in production that is how a page without a socket tells its log.
 */
import type { Detail, PageData, Problem } from "../types";
import type { Shown } from "./overlay";

/** Where the server has none. */
const WORDS: Record<string, string> = {
  not_on_page: "A component that changes is not on the page.",
  missing_input: "A component that is read is not on the page.",
  invalid_patch: "A change does not fit its value.",
};

const LONGEST = 1000;
const MOST_A_SECOND = 10;

/** What was asked, and the answers: none is asked for twice. */
const known = new Map<string, Promise<Detail | undefined>>();
let asked = 0;
let since = 0;

/** What to show of it; nothing in production. */
export async function explained(problem: Problem, page: PageData): Promise<Shown | undefined> {
  const { code, component, prop, message } = problem;
  const key = JSON.stringify([code, component, prop, message]);
  if (!known.has(key) && mayAsk()) known.set(key, ask(problem, page.base));
  const said = await known.get(key);
  const own: Detail = { code, message: `${component}.${prop}: ${WORDS[code] ?? ""} ${message}` };
  const shown: Shown = { ...(said ?? own), about: key };
  return page.debug ? shown : undefined;
}

function mayAsk(): boolean {
  const now = Date.now();
  if (now - since >= 1000) {
    since = now;
    asked = 0;
    if (known.size > LONGEST) known.clear();
  }
  return asked++ < MOST_A_SECOND;
}

async function ask(problem: Problem, base: string): Promise<Detail | undefined> {
  const cut = Object.entries(problem).map(([name, text]) => [name, String(text).slice(0, LONGEST)]);
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify(Object.fromEntries(cut));
  try {
    const answer = await fetch(`${base}_wscb/problem`, { method: "POST", headers, body });
    // A body that nobody reads is a request that the browser gives up.
    const said = await answer.text();
    return answer.ok && said ? JSON.parse(said) : undefined;
  } catch {
    return undefined;
  }
}
