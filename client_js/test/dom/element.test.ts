// @vitest-environment happy-dom
import { beforeEach, expect, test, vi } from "vitest";
import { element } from "../../src/dom/adapters/element";
import { Refused } from "../../src/dom/props";

// The browser of these tests takes anything.
beforeEach(() => {
  const plain = /^(--.*|z-index|opacity|flex-grow|line-height|font-weight)$/;
  vi.stubGlobal("CSS", { supports: (name: string) => plain.test(name) });
});

type Props = Record<string, unknown>;
let count = 0;

class Rating extends HTMLElement {
  value = 0;
  items: unknown;
  reset() {}
}

const fail = (error: Error) => {
  throw error;
};

function mounted(props: Props, name = `x-rating-${++count}`) {
  const el = document.createElement(name);
  document.body.append(el);
  const emitted: Props[] = [];
  const view = element(el, name, props, (changed) => emitted.push(changed), fail);
  return { el: el as HTMLElement & Props, name, emitted, view };
}

function defined(props: Props) {
  const name = `x-rating-${++count}`;
  customElements.define(name, class extends Rating {});
  return mounted(props, name);
}

test("a prop is a property where the element has one, else an attribute", () => {
  const { el, view } = defined({});
  const items = [{ a: 1 }];
  view.set({ value: 3, items, size: "large", "data-x": 1, className: "c", slot: "s", style: { width: 4 } });
  expect([el.value, el.items]).toEqual([3, items]);
  expect([el.getAttribute("size"), el.dataset.x, el.className, el.slot]).toEqual(["large", "1", "c", "s"]);
  expect(el.style.width).toBe("4px");
});

test("an event reports the prop that it is for, or its detail", () => {
  const props = { events: { "x-change": "value", "x-pick": "detail" } };
  const { el, emitted, view } = defined(props);
  view.set(props);
  el.value = 4;
  el.dispatchEvent(new Event("x-change"));
  el.dispatchEvent(new CustomEvent("x-pick", { detail: { id: 1 } }));
  expect(emitted).toEqual([{ value: 4 }, { detail: { id: 1 } }]);
  view.destroy?.();
  el.dispatchEvent(new Event("x-change"));
  expect(emitted).toHaveLength(2);
});

test("an element that is defined later gets its properties then", async () => {
  const { name, view } = mounted({});
  view.set({ value: 3, size: "large" });
  customElements.define(name, class extends Rating {});
  await customElements.whenDefined(name);
  await Promise.resolve();
  const now = document.querySelector(name) as HTMLElement & Props;
  expect([now.value, now.getAttribute("size")]).toEqual([3, "large"]);
});

test.each([
  "innerHTML",
  "outerHTML",
  "textContent",
  "onclick",
  "onReady",
  "srcdoc",
  "__proto__",
  "constructor",
])("%s does not reach the element", (name) => {
  const { el, view } = defined({});
  expect(() => view.set(JSON.parse(`{"${name}": "<b>x</b>", "value": 2}`))).toThrow(Refused);
  expect(el.children).toHaveLength(0);
  expect(el.value).toBe(2);
});

test("a method is not overwritten, an address is looked at", () => {
  const { el, view } = defined({});
  expect(() => view.set({ reset: 1 })).toThrow(Refused);
  expect(typeof el.reset).toBe("function");
  expect(() => view.set({ href: "javascript:alert(1)" })).toThrow(Refused);
});

test("a type that can be no custom element is waited for without a complaint", async () => {
  vi.spyOn(customElements, "whenDefined").mockRejectedValue(new SyntaxError("not a valid name"));
  const { view } = mounted({}, "ScriptEl");
  await Promise.resolve();
  view.destroy?.();
});
