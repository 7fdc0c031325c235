/**
 * `Markdown`: marked finds the parts of the text, and each becomes an element here. No markup is ever parsed by the
 * browser: HTML in the text stays text, and addresses are held to the same rules as everywhere.
 */
import { lexer, type Token, type Tokens } from "marked";
import type { Mounted } from "../adapters/adapter";
import { h } from "../h";
import { isScript, type Props } from "../props";
import { outer } from "./outer";

const ENTITY = /&(#\d+|#x[\da-f]+|\w+);/gi;

/** The characters that stand for themselves: `&copy;` is one. */
const plain = (text: string) =>
  text.replace(ENTITY, (entity) => {
    const parsed = new DOMParser().parseFromString(entity, "text/html").body.textContent;
    return parsed ?? entity;
  });

/** Takes off the indentation that all lines have. */
export function dedent(text: string): string {
  const lines = text.split(/\r\n|\r|\n/);
  let shared: string | undefined;
  for (const line of lines) {
    if (!line.trim()) continue;
    const own = /^[ \t]*/.exec(line)?.[0] ?? "";
    if (shared === undefined) shared = own;
    let same = 0;
    while (same < own.length && own[same] === shared[same]) same++;
    shared = shared.slice(0, same);
  }
  const cut = shared?.length ?? 0;
  return lines.map((line) => (line.trim() ? line.slice(cut) : "")).join("\n");
}

type Made = Node | string;

class Writer {
  constructor(private readonly target: unknown) {}

  all(tokens: Token[] | undefined): Made[] {
    return (tokens ?? []).flatMap((token) => this.one(token));
  }

  private of(tag: keyof HTMLElementTagNameMap, tokens: Token[] | undefined): HTMLElement {
    const el = document.createElement(tag);
    el.append(...this.all(tokens));
    return el;
  }

  private one(token: Token): Made | Made[] {
    switch (token.type) {
      case "space":
      case "def":
        return [];
      case "heading":
        return this.of(`h${token.depth as 1}`, token.tokens);
      case "paragraph":
        return this.of("p", token.tokens);
      case "text":
        return token.tokens ? this.all(token.tokens) : plain(token.text);
      case "escape":
        return token.text;
      case "strong":
      case "em":
      case "del":
      case "blockquote":
        return this.of(token.type, token.tokens);
      case "codespan":
        return h("code", "", token.text);
      case "code": {
        const pre = h("pre");
        pre.append(h("code", token.lang ? `language-${token.lang.split(/\s/)[0]}` : "", token.text));
        pre.tabIndex = 0; // scrolled by keyboard too
        return pre;
      }
      case "hr":
      case "br":
        return h(token.type);
      case "link":
        return this.link(token as Tokens.Link);
      case "image":
        return this.image(token as Tokens.Image);
      case "list":
        return this.list(token as Tokens.List);
      case "table":
        return this.table(token as Tokens.Table);
      case "checkbox": {
        const box = Object.assign(h("input"), { type: "checkbox", checked: !!token.checked, disabled: true });
        return [box, " "];
      }
      default:
        return token.raw; // HTML among them
    }
  }

  private link({ href, title, tokens }: Tokens.Link): HTMLElement {
    const a = this.of("a", tokens) as HTMLAnchorElement;
    if (title) a.title = plain(title);
    if (isScript(plain(href))) return a;
    a.href = plain(href);
    if (this.target) {
      a.target = String(this.target);
      a.rel = "noopener noreferrer";
    }
    return a;
  }

  private image({ href, title, text }: Tokens.Image): HTMLElement {
    const img = Object.assign(h("img"), { alt: plain(text), loading: "lazy" });
    if (title) img.title = plain(title);
    if (!isScript(plain(href), "img")) img.src = plain(href);
    return img;
  }

  private list({ ordered, start, items }: Tokens.List): HTMLElement {
    const list = document.createElement(ordered ? "ol" : "ul");
    if (ordered && start !== 1 && start !== "") (list as HTMLOListElement).start = start;
    for (const item of items) {
      const li = this.of("li", item.tokens);
      if (item.task) {
        li.className = "wscb-task";
        if (!li.querySelector("input")) {
          const box = { type: "checkbox", checked: !!item.checked, disabled: true };
          li.prepend(Object.assign(h("input"), box), " ");
        }
      }
      list.append(li);
    }
    return list;
  }

  private table({ header, rows }: Tokens.Table): HTMLElement {
    const scroll = h("div", "wscb-scroll");
    const table = scroll.appendChild(h("table"));
    const row = (cells: Tokens.TableCell[], tag: "th" | "td") => {
      const tr = h("tr");
      for (const { tokens, align } of cells) {
        const cell = tr.appendChild(this.of(tag, tokens));
        if (align) cell.style.textAlign = align;
      }
      return tr;
    };
    const head = table.appendChild(h("thead"));
    head.append(row(header, "th"));
    const body = table.appendChild(h("tbody"));
    body.append(...rows.map((cells) => row(cells, "td")));
    return scroll;
  }
}

export function mount(el: HTMLElement): Mounted {
  const props: Props = {};
  // What the renderer has put there before this module was loaded is the text as it is.
  return {
    set(changed) {
      outer(el, changed, props, "wscb-markdown");
      Object.assign(props, changed);
      const { children, link_target } = props;
      const text = Array.isArray(children) ? children.join("\n\n") : String(children ?? "");
      const tokens = lexer(props.dedent === false ? text : dedent(text), { gfm: true });
      el.replaceChildren(...new Writer(link_target).all(tokens));
    },
  };
}
