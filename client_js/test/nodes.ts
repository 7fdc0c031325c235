import type { Node } from "../src/types";

/** A component of html, for tests. */
export const div = (id: string | undefined, children: unknown = null, more: object = {}): Node => ({
  type: "Div",
  namespace: "wscb_html",
  props: { ...(id !== undefined && { id }), children, ...more },
});
