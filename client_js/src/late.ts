/**
 * What a page does without until it is live, in a module of its own that it loads beside its connection: how things stand
 * with it, in words and marks, and the calls over HTTP.
 */
export { Status } from "./dom/status";
export { post } from "./http";
export { refused } from "./probe";
