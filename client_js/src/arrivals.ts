/** What is done to components as they come, before the page shows them and before a call is made for them. */
import { type Commit, idOf, type Node, nodes, type Store } from "./store";

/** Sees a commit first. What it changes of a component counts as changed when it is added to the commit. */
export type Look = (commit: Commit, at: (id: string) => Node | undefined) => void;

export function watch(store: Store, looks: Look[]): void {
  let { reader } = store;
  const first: typeof reader = (commit) => {
    let index: Map<string | undefined, Node> | undefined;
    const at = (id: string) => {
      index ??= new Map(nodes(store.root).map((node) => [idOf(node), node]));
      return index.get(id);
    };
    for (const look of looks) look(commit, at);
    reader?.(commit);
  };
  Object.defineProperty(store, "reader", {
    get: () => first,
    set: (next: typeof reader) => {
      reader = next;
    },
  });
}
