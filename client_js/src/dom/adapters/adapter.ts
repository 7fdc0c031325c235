/**
 * The component seam. Whatever shows a component in the page (a plain element, a control, a chart, a custom element,
 * somebody's own bundle) is an adapter, registered for a namespace or for one type of it.
 */
import type { Props } from "../props";

/** Reports props that the visitor changed. */
export type Emit = (props: Props) => void;

/** Reports what has failed after `set` returned; what fails in it is thrown. */
export type Fail = (error: Error) => void;

/** A component that stands in the page. */
export interface Mounted {
  /** The props that changed; `undefined` is one that is gone. First called with all of them, once the children stand. */
  set(props: Props): void;
  destroy?(): void;
  /** Resolves when a module that it waited for is there, or is not to be had; then it is set again, with all props. */
  ready?: Promise<void>;
  /** Where the children go; an adapter without it has none. */
  slot?: Element;
}

export interface Adapter {
  /** The element that the component lives in. */
  tag(type: string, props: Props): string;
  /** Builds what stands in `el` and listens. Props are set afterwards. */
  mount(el: HTMLElement, type: string, props: Props, emit: Emit, fail: Fail): Mounted;
}

/** By `"namespace"` or `"namespace/Type"`. */
export const adapters: Record<string, Adapter> = {};

export function adapterOf(namespace: string, type: string): Adapter | undefined {
  return adapters[`${namespace}/${type}`] ?? adapters[namespace];
}
