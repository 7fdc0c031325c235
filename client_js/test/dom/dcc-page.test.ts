// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import * as router from "../../src/dom/dcc";
import * as clipboard from "../../src/dom/dcc/clipboard";
import * as confirm from "../../src/dom/dcc/confirm";
import * as loading from "../../src/dom/dcc/loading";
import * as markdown from "../../src/dom/dcc/markdown";
import * as navigation from "../../src/dom/dcc/navigation";
import * as tabs from "../../src/dom/dcc/tabs";
import * as late from "../../src/late";
import { control } from "./control";
import { dcc, html, pageOf, press } from "./page";

beforeEach(() => {
  document.body.innerHTML = "";
  history.replaceState(null, "", "http://localhost:3000/start?a=1#b");
});

/** A page whose modules are there. */
function page(layout: unknown) {
  const modules: Record<string, unknown> = {
    "dcc.js": router,
    "tabs.js": tabs,
    "navigation.js": navigation,
    "markdown.js": markdown,
    "late.js": late,
  };
  const load = vi.fn((file: string) =>
    modules[file] ? Promise.resolve(modules[file]) : Promise.reject(new Error(file)),
  );
  return { load, ...pageOf(layout, { load }) };
}

describe("the module of dcc", () => {
  test("knows in which other one a type is, and loads no file for one that is none", async () => {
    const { get, load, problems } = page([
      dcc("Markdown", { id: "md", children: "*x*" }),
      dcc("../../evil", { id: "no" }),
      dcc("Evil", { id: "evil" }),
    ]);
    await vi.waitFor(() => expect(get("md").innerHTML).toBe("<p><em>x</em></p>"));
    expect(new Set(load.mock.calls.flat())).toEqual(new Set(["dcc.js", "markdown.js"]));
    await vi.waitFor(() => expect(problems.map(({ component }) => component).sort()).toEqual(["evil", "no"]));
  });

  test("a Location is where the page is before the first call", async () => {
    const { page: made, emitted } = page(dcc("Location", { id: "url" }));
    await made.ready;
    const told = {
      pathname: "/start",
      search: "?a=1",
      hash: "#b",
      href: "http://localhost:3000/start?a=1#b",
    };
    expect(emitted).toEqual([["url", told]]);
  });
});

describe("Location and Link", () => {
  const where = () => control(navigation.mount, "Location", { refresh: false });

  test("follow each other", () => {
    const one = where();
    const other = where();
    one.emitted.length = other.emitted.length = 0;
    one.set({ pathname: "/next" });
    expect(location.pathname).toBe("/next");
    expect(one.emitted).toEqual([{ href: "http://localhost:3000/next?a=1#b" }]);
    expect(other.emitted[0]).toMatchObject({ pathname: "/next" });
    other.mounted.destroy?.();
    one.set({ href: "/last?x#y" });
    expect(one.emitted.at(-1)).toMatchObject({ pathname: "/last", search: "?x", hash: "#y" });
    expect(other.emitted.length).toBe(1);
  });

  test("what an address brings that is a script is refused", () => {
    expect(() => where().set({ href: "javascript:alert(1)" })).toThrow("script");
  });

  test("loads the page where it is to, and for another site", () => {
    const assign = vi.spyOn(location, "assign").mockImplementation(() => {});
    const here = control(navigation.mount, "Location", {});
    here.set({ pathname: "/loaded" });
    where().set({ href: "https://example.org/" });
    expect(assign.mock.calls).toEqual([["http://localhost:3000/loaded?a=1#b"], ["https://example.org/"]]);
    expect(location.pathname).toBe("/start");
  });

  test("a click on a link goes there, unless it is meant for the browser", () => {
    vi.stubGlobal("scrollTo", vi.fn());
    const link = (props: Record<string, unknown>) =>
      control(navigation.mount, "Link", props, document.createElement("a")).el as HTMLAnchorElement;
    const click = (el: HTMLElement, how: MouseEventInit = {}) => {
      const event = new MouseEvent("click", { bubbles: true, cancelable: true, ...how });
      let taken = false;
      // Whether the component has taken it; the browser of the test goes nowhere.
      const see = (e: Event) => {
        taken = e.defaultPrevented;
        e.preventDefault();
      };
      el.addEventListener("click", see, { once: true });
      el.dispatchEvent(event);
      return taken;
    };
    const plain = link({ href: "/page" });
    expect(click(plain, { ctrlKey: true })).toBe(false);
    expect(click(link({ href: "/page", refresh: true }))).toBe(false);
    expect(click(link({ href: "/page", target: "_blank" }))).toBe(false);
    expect(click(link({ href: "#place" }))).toBe(false);
    expect(click(link({}))).toBe(false);
    history.replaceState(null, "", "/start");
    expect(click(plain)).toBe(true);
    expect(location.pathname).toBe("/page");
    expect(plain.getAttribute("aria-current") ?? plain.ariaCurrent).toBe("page");
    expect(() => link({ href: "javascript:alert(1)" })).toThrow("script");
    vi.unstubAllGlobals();
  });
});

describe("Tabs", () => {
  const layout = (value?: string) =>
    dcc("Tabs", {
      id: "tabs",
      ...(value && { value }),
      children: [
        dcc("Tab", { id: "a", label: "A", value: "a", children: html("P", { children: "first" }) }),
        dcc("Tab", { label: "Off", disabled: true }),
        dcc("Tab", { id: "c", label: "C", selected_className: "on", children: "third" }),
      ],
    });
  const made = async (value?: string) => {
    const all = page(layout(value));
    await vi.waitFor(() => expect(all.get("tabs").querySelectorAll("[role=tab]").length).toBe(3));
    const buttons = [...all.get("tabs").querySelectorAll<HTMLButtonElement>("[role=tab]")];
    return { ...all, buttons };
  };

  test("one is chosen and shown, by default the first", async () => {
    const { get, buttons, emitted, page: made_ } = await made();
    await made_.painted();
    expect(emitted).toEqual([["tabs", { value: "a" }]]);
    expect(buttons.map((b) => b.getAttribute("aria-selected") ?? b.ariaSelected)).toEqual([
      "true",
      "false",
      "false",
    ]);
    expect([get("a").hidden, get("c").hidden]).toEqual([false, true]);
    expect(buttons.map((b) => b.tabIndex)).toEqual([0, -1, -1]);
    expect(get("a").getAttribute("aria-labelledby")).toBe(buttons[0]?.id);
    expect(buttons[0]?.getAttribute("aria-controls")).toBe("a");
  });

  test("keys go around, past what is disabled", async () => {
    const { get, buttons, emitted } = await made("a");
    buttons[0]?.focus();
    press(buttons[0] as Element, "ArrowRight");
    expect(emitted).toEqual([["tabs", { value: "tab-3" }]]);
    expect(document.activeElement).toBe(buttons[2]);
    expect([get("a").hidden, get("c").hidden]).toEqual([true, false]);
    expect(buttons[2]?.className).toBe("wscb-tab on");
    press(buttons[2] as Element, "ArrowRight");
    expect(document.activeElement).toBe(buttons[0]);
    press(buttons[0] as Element, "x");
    press(buttons[0] as Element, "End");
    expect(emitted.length).toBe(3);
  });

  test("a tab that changes is shown so, and one that comes has its place", async () => {
    const { get, set, buttons, page: made_ } = await made("a");
    await set("a", { label: "Other" });
    expect(buttons[0]?.textContent).toBe("Other");
    await set("tabs", { children: [dcc("Tab", { id: "d", label: "D", value: "d" })], value: "d" });
    await made_.painted();
    await vi.waitFor(() => expect(get("d").hidden).toBe(false));
    expect(get("tabs").querySelectorAll("[role=tab]").length).toBe(1);
  });
});

describe("Markdown", () => {
  const shown = (children: unknown, props: Record<string, unknown> = {}) =>
    control(markdown.mount, "Markdown", { children, ...props }).el.innerHTML;

  test("has the parts of GitHub's", () => {
    expect(shown("## A\n\n~~b~~ `c<d` **e** _f_\\*")).toBe(
      "<h2>A</h2><p><del>b</del> <code>c&lt;d</code> <strong>e</strong> <em>f</em>*</p>",
    );
    expect(shown("3. a\n4. b")).toBe('<ol start="3"><li>a</li><li>b</li></ol>');
    expect(shown("> a\n\n---")).toBe("<blockquote><p>a</p></blockquote><hr>");
    expect(shown("```py x\na\n```")).toContain('<code class="language-py">a</code>');
    expect(shown("| a |\n|--:|\n| 1 |")).toContain('<td style="text-align: right;">1</td>');
    expect(shown("- [x] a\n- [ ] b")).toMatch(/checkbox.*a<\/li>.*checkbox.*b<\/li>/);
    expect(shown("a&copy;&amp;lt;")).toBe("<p>a©&amp;lt;</p>");
    expect(shown(["a", "b"])).toBe("<p>a</p><p>b</p>");
  });

  test("markup and scripts in it stay text", () => {
    expect(shown("<img src=x onerror=alert(1)>")).toBe("&lt;img src=x onerror=alert(1)&gt;");
    expect(shown("a <b>c</b>")).toBe("<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    for (const bad of [
      "javascript:alert(1)",
      "java&#10;script:alert(1)",
      "&#106;avascript:alert(1)",
      "data:text/html,x",
    ]) {
      const el = document.createElement("div");
      el.innerHTML = shown(`[a](<${bad}>) ![b](<${bad}>)`);
      expect(el.querySelector("a")?.hasAttribute("href"), bad).toBe(false);
      expect(el.querySelector("img")?.hasAttribute("src"), bad).toBe(false);
    }
    expect(shown("[a](/x)", { link_target: "_blank" })).toContain('target="_blank"');
  });

  test("the indentation that all lines have is taken off", () => {
    expect(shown("\n    # A\n\n    b\n")).toBe("<h1>A</h1><p>b</p>");
    expect(shown("\n    a\n", { dedent: false })).toContain("<pre");
    expect(markdown.dedent("  a\n\tb\n   \n  c")).toBe("  a\n\tb\n\n  c");
    expect(markdown.dedent("  a\r\n    b")).toBe("a\n  b");
  });
});

describe("Loading", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const made = (props: Record<string, unknown> = {}) => {
    const el = document.createElement("wscb-loading");
    const kid = el.appendChild(document.createElement("p"));
    kid.id = "kid";
    kid.style.color = "red";
    const wait = async (props?: string) => {
      if (props) kid.setAttribute("data-wscb-loading", props);
      else kid.removeAttribute("data-wscb-loading");
      await Promise.resolve();
      vi.advanceTimersByTime(0);
      await Promise.resolve();
    };
    return {
      kid,
      wait,
      ...control(loading.mount, "Loading", props, el),
      busy: () => el.hasAttribute("data-busy"),
    };
  };

  test("shows while something in it waits, and styles it meanwhile", async () => {
    const { kid, wait, busy, el } = made({ overlay_style: { color: "blue", filter: "blur(2px)" } });
    await wait("children");
    await vi.waitFor(() => expect(busy()).toBe(true));
    expect(el.querySelector("[role=status]")?.textContent).toBe("Loading");
    expect([kid.style.color, kid.style.filter]).toEqual(["blue", "blur(2px)"]);
    await wait();
    await vi.waitFor(() => expect(busy()).toBe(false));
    expect([kid.style.color, kid.style.filter]).toEqual(["red", ""]);
  });

  test("only for those that count", async () => {
    const { wait, busy, set } = made({ target_components: { kid: ["title", "children"], other: "*" } });
    await wait("href");
    await vi.advanceTimersByTimeAsync(50);
    expect(busy()).toBe(false);
    await wait("href children");
    await vi.waitFor(() => expect(busy()).toBe(true));
    set({ display: "hide" });
    expect(busy()).toBe(false);
    set({ display: "auto", target_components: { kid: "*" } });
    expect(busy()).toBe(true);
  });

  test("waits before it shows, and before it goes", async () => {
    const { wait, busy } = made({ delay_show: 300, delay_hide: 200 });
    await wait("children");
    await vi.advanceTimersByTimeAsync(299);
    expect(busy()).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(busy()).toBe(true);
    await wait();
    await vi.advanceTimersByTimeAsync(199);
    expect(busy()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(busy()).toBe(false);
  });
});

describe("ConfirmDialog", () => {
  const dialog = () => document.body.querySelector("dialog") as HTMLDialogElement;

  test("asks when it is displayed, and tells the answer", () => {
    const { emitted, set, mounted } = control(confirm.mount, "ConfirmDialog", {
      message: "Sure?",
      submit_n_clicks: 2,
    });
    expect(dialog().open).toBe(false);
    set({ displayed: true });
    expect([dialog().open, dialog().textContent]).toEqual([true, "Sure?CancelOK"]);
    dialog().querySelectorAll("button")[1]?.click();
    expect(emitted[0]).toMatchObject({ displayed: false, submit_n_clicks: 3 });
    set({ displayed: true });
    dialog().dispatchEvent(new Event("cancel"));
    expect(emitted[1]).toMatchObject({ displayed: false, cancel_n_clicks: 1 });
    set({ displayed: true });
    set({ displayed: false });
    expect([dialog().open, emitted.length]).toEqual([false, 2]);
    mounted.destroy?.();
    expect(dialog()).toBeNull();
  });

  test("its provider asks at a click", () => {
    const { el, emitted } = control(confirm.mount, "ConfirmDialogProvider", { message: "Sure?" });
    el.click();
    expect([dialog().open, emitted[0]]).toEqual([true, { displayed: true }]);
  });
});

test("Clipboard copies what a callback has answered, and without https in the old way", async () => {
  const writeText = vi.fn(() => Promise.resolve());
  vi.stubGlobal("navigator", { clipboard: { writeText } });
  const { el, emitted, set } = control(clipboard.mount, "Clipboard", { content: "old" });
  expect(el.getAttribute("aria-label") ?? el.ariaLabel).toBe("Copy");
  el.click();
  el.setAttribute("data-wscb-loading", "content");
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  expect([emitted, writeText.mock.calls]).toEqual([[{ n_clicks: 1 }], []]);
  set({ content: "new" });
  el.removeAttribute("data-wscb-loading");
  await vi.waitFor(() => expect(writeText.mock.calls).toEqual([["new"]]));
  await vi.waitFor(() => expect(el.querySelector("[role=status]")?.textContent).toBe("Copied"));
  vi.stubGlobal("navigator", {});
  const execCommand = vi.fn(() => true);
  Object.assign(document, { execCommand });
  press(el, "Enter");
  await vi.waitFor(() => expect(execCommand).toHaveBeenCalledWith("copy"));
  vi.unstubAllGlobals();
});
