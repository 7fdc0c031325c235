// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from "vitest";
import { isScript, Refused, setProp } from "../../src/dom/props";

// The browser of these tests takes anything.
beforeEach(() => {
  const plain = /^(--.*|z-index|opacity|flex-grow|line-height|font-weight)$/;
  vi.stubGlobal("CSS", { supports: (name: string) => plain.test(name) });
});

const made = (tag: string, props: Record<string, unknown>) => {
  const el = document.createElement(tag);
  for (const name in props) setProp(el, name, props[name]);
  return el;
};

describe("names", () => {
  test.each([
    ["div", { className: "a b" }, { class: "a b" }],
    ["div", { className: ["a", "b"] }, { class: "a b" }],
    ["label", { htmlFor: "x" }, { for: "x" }],
    ["meta", { httpEquiv: "refresh" }, { "http-equiv": "refresh" }],
    ["form", { acceptCharset: "utf-8", noValidate: true }, { "accept-charset": "utf-8", novalidate: "" }],
    ["td", { colSpan: 2, tabIndex: -1 }, { colspan: "2", tabindex: "-1" }],
    ["div", { hidden: true }, { hidden: "" }],
    ["div", { hidden: false, title: null }, {}],
    ["div", { hidden: "until-found" }, { hidden: "until-found" }],
    [
      "div",
      { contentEditable: true, draggable: false, spellCheck: false },
      {
        contenteditable: "true",
        draggable: "false",
        spellcheck: "false",
      },
    ],
    [
      "div",
      { "data-x": 1, "data-y": false, "aria-busy": true, "aria-label": "n" },
      {
        "data-x": "1",
        "data-y": "false",
        "aria-busy": "true",
        "aria-label": "n",
      },
    ],
    ["div", { translate: false }, { translate: "no" }],
    ["input", { autoComplete: false }, { autocomplete: "off" }],
    ["img", { srcSet: ["a.png 1x", "b.png 2x"] }, { srcset: "a.png 1x,b.png 2x" }],
    ["a", { href: "https://example.org/?q=javascript:" }, { href: "https://example.org/?q=javascript:" }],
    ["a", { href: "data:text/csv,a", download: true }, { href: "data:text/csv,a", download: "" }],
  ])("%s %o", (tag, props, attributes) => {
    const el = made(tag, props);
    expect(Object.fromEntries([...el.attributes].map(({ name, value }) => [name, value]))).toEqual(
      attributes,
    );
  });

  test("null takes an attribute away", () => {
    const el = made("div", { title: "a" });
    setProp(el, "title", undefined);
    expect(el.hasAttribute("title")).toBe(false);
  });

  test("state is a property", () => {
    const box = made("input", { type: "checkbox", checked: true, indeterminate: true }) as HTMLInputElement;
    expect([box.checked, box.indeterminate]).toEqual([true, true]);
    const video = made("video", { muted: true, volume: 0.5 }) as HTMLVideoElement;
    expect([video.muted, video.volume]).toEqual([true, 0.5]);
  });

  test("a progress bar at 0 has a value, and knows that it is at the start", () => {
    const bar = made("progress", { max: 100, value: 0 });
    expect(bar.getAttribute("value")).toBe("0");
    setProp(bar, "value", 30);
    setProp(bar, "value", 0);
    expect([bar.getAttribute("value"), (bar as HTMLProgressElement).value]).toEqual(["0", 0]);
  });

  test("a progress bar without a value does not know how far it is", () => {
    const bar = made("progress", { max: 10, value: 4 });
    expect(bar.getAttribute("value")).toBe("4");
    setProp(bar, "value", null);
    expect(bar.hasAttribute("value")).toBe(false);
  });

  test("a number that reads the same as what stands in the field is not rewritten", () => {
    const field = made("input", { value: "1.0" }) as HTMLInputElement;
    setProp(field, "value", 1);
    expect(field.value).toBe("1.0");
  });
});

describe("style", () => {
  const style = (next: Record<string, unknown>, old?: Record<string, unknown>) => {
    const el = document.createElement("div");
    if (old) setProp(el, "style", old);
    setProp(el, "style", next, old);
    return el.style;
  };

  test("numbers are px but for what has no unit", () => {
    const got = style({
      width: 10,
      zIndex: 3,
      opacity: 0.5,
      flexGrow: 2,
      lineHeight: 1.2,
      fontWeight: 600,
      "font-size": 9,
    });
    expect(got.width).toBe("10px");
    expect([got.zIndex, got.opacity, got.flexGrow, got.lineHeight, got.fontWeight, got.fontSize]).toEqual([
      "3",
      "0.5",
      "2",
      "1.2",
      "600",
      "9px",
    ]);
  });

  test("custom properties, and !important", () => {
    const got = style({ "--gap": 4, color: "red !important" });
    expect(got.getPropertyValue("--gap")).toBe("4");
    expect(got.getPropertyPriority("color")).toBe("important");
  });

  test("what is gone is taken away", () => {
    const got = style({ color: "red" }, { color: "blue", width: 10 });
    expect([got.color, got.width]).toEqual(["red", ""]);
  });

  test.each([
    "url(javascript:alert(1))",
    "url( java\tscript:x)",
    "expression(alert(1))",
    "url(vb/**/script:x)",
  ])("%s is refused", (value) => expect(() => style({ background: value })).toThrow(Refused));
});

describe("script is kept out", () => {
  test.each([
    "onclick",
    "onClick",
    "ONERROR",
    "onmouseover",
    "srcdoc",
    "srcDoc",
    "innerHTML",
    "outerHTML",
    "innerText",
    "textContent",
    "__proto__",
    "constructor",
    "prototype",
  ])("%s is refused", (name) => {
    const el = document.createElement("div");
    expect(() => setProp(el, name, "alert(1)")).toThrow(Refused);
    expect(el.attributes).toHaveLength(0);
  });

  const scripts = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript\r:alert(1)",
    "\u0001javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "data:application/xhtml+xml,x",
    "data:image/svg+xml,x",
    "data:text/xml,x",
  ];
  const places = [
    "href",
    "src",
    "action",
    "formAction",
    "xlink:href",
    "xlinkHref",
    "data",
    "poster",
    "background",
    "ping",
  ];
  test.each(scripts.flatMap((script) => places.map((place) => [place, script])))(
    "%s=%j is refused",
    (place, script) => {
      const el = document.createElement("iframe");
      expect(() => setProp(el, place, script)).toThrow(Refused);
      expect(el.attributes).toHaveLength(0);
    },
  );

  test("a picture may be drawn as svg, where no script of it runs", () => {
    expect(isScript("data:image/svg+xml,x", "img")).toBe(false);
    expect(isScript("data:text/html,x", "img")).toBe(true);
  });

  test.each([
    "/a",
    "#b",
    "mailto:a@b.c",
    "https://javascript.org",
    "data:image/png;base64,x",
    "blob:x",
    "data:text/plain,x",
  ])("%s passes", (address) => expect(isScript(address)).toBe(false));
});
