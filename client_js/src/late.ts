/**
 * What a page does without until it is live, in a module of its own that it loads beside its connection: the words about
 * a connection that is lost and about errors, the marks of what waits, the pace of live regions, the operations on
 * props, and the calls over HTTP.
 */
export { Banner } from "./dom/banner";
export { mark, Title } from "./dom/busy";
export { keepFocus } from "./dom/focus";
export { quieten } from "./dom/live";
export { inOrder } from "./dom/order";
export { Overlay } from "./dom/overlay";
export { post } from "./http";
export { apply } from "./patch";
export { refused } from "./probe";
