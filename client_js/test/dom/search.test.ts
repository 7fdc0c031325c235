// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { dropdown } from "../../src/dom/adapters/dropdown";
import { control } from "./control";
import { press, type } from "./page";

beforeEach(() => {
  document.body.innerHTML = "";
});

const search = (props: Record<string, unknown> = {}) => {
  const made = control(dropdown, "Dropdown", { searchable: true, options: [], ...props });
  const field = made.el.querySelector("input") as HTMLInputElement;
  const told = () => made.emitted.splice(0);
  return { ...made, field, told, first: () => made.el.querySelector("li") as HTMLElement };
};

test("what is typed is told, and that it is over", () => {
  const { field, told } = search();
  field.click();
  type(field, "n");
  type(field, "ne");
  expect(told()).toEqual([{ search_value: "n" }, { search_value: "ne" }]);
  press(field, "Escape");
  expect(told()).toEqual([{ search_value: null }]);
  field.click();
  press(field, "Escape");
  expect(told()).toEqual([]);
});

test("options that a search brings are chosen from, and what is chosen stays when they go", () => {
  const { field, told, set, first } = search({ multi: true });
  field.click();
  type(field, "ne");
  set({ options: [{ label: "New York", value: "NYC" }] });
  expect(field.value).toBe("ne");
  first().click();
  press(field, "Escape");
  expect(told().slice(1)).toEqual([{ value: ["NYC"] }, { search_value: null }]);
  set({ options: [] });
  expect(field.value).toBe("New York");
  field.click();
  type(field, "bo");
  set({ options: [{ label: "Boston", value: "BOS" }] });
  first().click();
  expect(told().at(-1)).toEqual({ value: ["NYC", "BOS"] });
  first().click();
  expect(told().at(-1)).toEqual({ value: ["NYC"] });
});

test("one that is chosen from a search is told first, and is shown when its option has gone", () => {
  const { field, told, set } = search({ options: ["New York"] });
  field.click();
  type(field, "new");
  press(field, "Enter");
  expect(told().slice(1)).toEqual([{ value: "New York" }, { search_value: null }]);
  set({ options: [] });
  expect(field.value).toBe("New York");
});
