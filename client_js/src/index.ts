/** The entry of `wscb.js`: starts the page. */
import { begin, load, pageData } from "./browser";
import { mountPage } from "./dom/page";

const root = document.getElementById("wscb-root");
if (root) begin(pageData(), (options) => mountPage({ ...options, root, load }));
