// @vitest-environment happy-dom
import { beforeEach, expect, it, vi } from "vitest";

const page = globalThis as { wscb?: { reload?: () => void } };

const FIELDS = `<input id="name"><div id="ticks"><input type="checkbox"><input type="checkbox"></div>
  <input id="secret" type="password"><textarea id="text"></textarea>`;

const field = (id: string, index = -1) => {
  const named = document.getElementById(id) as HTMLElement;
  return (index < 0 ? named : named.querySelectorAll("input")[index]) as HTMLInputElement;
};

function type(el: HTMLInputElement, value: string, ...events: string[]): void {
  el.value = value;
  for (const event of events) el.dispatchEvent(new Event(event, { bubbles: true }));
}

/** The page as it is after another load: the module runs before its fields are there. */
async function loaded(html: string): Promise<string[]> {
  document.body.innerHTML = "";
  vi.resetModules();
  await import("../../src/dom/debug");
  const heard: string[] = [];
  for (const event of ["input", "change"])
    document.body.addEventListener(event, ({ target }) => heard.push(`${(target as Element).id} ${event}`));
  document.body.innerHTML = html;
  await new Promise((done) => setTimeout(done));
  return heard;
}

beforeEach(async () => {
  sessionStorage.clear();
  vi.spyOn(location, "reload").mockReturnValue();
  await loaded(FIELDS);
});

it("what was typed and ticked is there again, and is told as it had been", async () => {
  type(field("name"), "half", "input");
  type(field("text"), "whole", "input", "change");
  field("ticks", 1).click();
  field("text").focus();
  page.wscb?.reload?.();
  expect(location.reload).toHaveBeenCalledOnce();
  const heard = await loaded(FIELDS);
  expect([field("name").value, field("text").value, field("ticks", 1).checked]).toEqual([
    "half",
    "whole",
    true,
  ]);
  expect([field("ticks", 0).checked, document.activeElement?.id]).toEqual([false, "text"]);
  expect(heard.filter((one) => /^(name|text)/.test(one))).toEqual([
    "name input",
    "text input",
    "text change",
  ]);
});

it("passwords are kept nowhere, and a field that has gone is forgotten", async () => {
  type(field("secret"), "1234", "input", "change");
  type(field("name"), "kept", "input");
  field("text").remove();
  page.wscb?.reload?.();
  expect(Object.values({ ...sessionStorage }).join()).not.toContain("1234");
  expect(await loaded(FIELDS.replace("name", "other"))).toEqual([]);
  expect([field("secret").value, field("other").value]).toEqual(["", ""]);
});

it("another load begins with nothing", async () => {
  type(field("name"), "typed", "input");
  page.wscb?.reload?.();
  await loaded(FIELDS);
  await loaded(FIELDS);
  expect(field("name").value).toBe("");
});
