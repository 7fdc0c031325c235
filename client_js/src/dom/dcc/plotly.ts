/** plotly.js: what of it is used here, and how it comes into the page. */
import { h } from "../h";
import type { Props } from "../props";

export interface Plot extends HTMLElement {
  data: Props[];
  on(event: string, act: (data: Props | undefined) => void): void;
}

export interface Plotly {
  react(plot: HTMLElement, figure: Props): Promise<unknown>;
  animate(plot: HTMLElement, figure: Props, options: unknown): Promise<unknown>;
  relayout(plot: HTMLElement, changes: Props): Promise<unknown>;
  extendTraces(plot: HTMLElement, update: Props, traces: number[], most?: unknown): Promise<unknown>;
  prependTraces(plot: HTMLElement, update: Props, traces: number[], most?: unknown): Promise<unknown>;
  purge(plot: HTMLElement): void;
  Plots: { resize(plot: HTMLElement): Promise<unknown> };
}

let loaded: Promise<Plotly> | undefined;

/** Loads it once. It is a script and no module, so it is not imported. */
export function plotly(): Promise<Plotly> {
  loaded ??= new Promise((done, failed) => {
    const script = h("script");
    const giveBack = takeStyles(script);
    script.src = new URL("plotly.min.js", import.meta.url).href;
    script.onload = () => {
      giveBack();
      done((window as unknown as { Plotly: Plotly }).Plotly);
    };
    script.onerror = () => {
      giveBack();
      loaded = undefined;
      failed(new Error("plotly.js could not be loaded: is the package plotly installed on the server?"));
    };
    document.head.append(script);
  });
  return loaded;
}

/**
 * plotly.js writes rules into style elements as it starts, which a strict policy forbids: sheets of ours take them.
 * Returns how to end that; it holds for what this script makes, and nothing else.
 */
function takeStyles(script: HTMLScriptElement): () => void {
  const { createElement } = document;
  document.createElement = (tag: string, options?: ElementCreationOptions) =>
    tag === "style" && document.currentScript === script
      ? sheetElement()
      : createElement.call(document, tag, options);
  return () => {
    document.createElement = createElement;
  };
}

/** An element that is to scripts what a style element is. */
function sheetElement(): HTMLElement {
  const sheet = new CSSStyleSheet();
  document.adoptedStyleSheets.push(sheet);
  return Object.defineProperties(h("template"), {
    sheet: { value: sheet },
    textContent: { set: (rules: string) => sheet.replaceSync(rules) },
  });
}
