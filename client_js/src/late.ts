/**
 * What a page does without until it is live, in a module of its own that it loads beside its connection: the words about
 * a connection that is lost and about errors, and the operations on props.
 */
export { Banner } from "./dom/banner";
export { Overlay } from "./dom/overlay";
export { apply } from "./patch";
