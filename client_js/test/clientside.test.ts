import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Clientside, type Context, noUpdate, preventUpdate, run, setter } from "../src/clientside";
import { Patch } from "../src/operations";
import type { Call, Operation, Spec } from "../src/types";

const spec = (more: object = {}): Spec => ({
  id: "cb",
  outputs: [["out", "children"]],
  inputs: [["a", "value"]],
  state: [["s", "value"]],
  initial: true,
  socket: false,
  clientside: { namespace: "ns", name: "f" },
  ...more,
});

const call = (more: object = {}, how: object = {}): Call => ({
  id: 1,
  spec: spec(how),
  inputs: [1],
  state: ["s"],
  trigger: ["a.value"],
  ...more,
});

let page: Clientside;
let set: ReturnType<typeof vi.fn<(id: string, props: Record<string, unknown>) => void>>;
let change: ReturnType<typeof vi.fn<(id: string, prop: string, operations: Operation[]) => void>>;

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  set = vi.fn();
  change = vi.fn();
  page = { no_update: noUpdate, PreventUpdate: preventUpdate, set_props: setter(set, change), Patch };
});
afterEach(() => vi.restoreAllMocks());

/** The answer to a call of that function. */
const answer = (f: unknown, made: Call = call()) => {
  page.ns = { f };
  return run(made, page);
};
const ok = (...changes: unknown[]) => ({ changes, outcome: { id: 1, how: "ok" } });
const none = { changes: [], outcome: { id: 1, how: "no_update" } };

describe("a function of the page", () => {
  it("takes inputs, then states, and returns the output", async () => {
    const f = vi.fn((a: number, s: string) => `${a} ${s}`);
    expect(await answer(f)).toEqual(ok(["set", "out", "children", "1 s"]));
  });

  it("returns components as Dash names them, and anything else as it is", async () => {
    const field = (namespace: string) => ({ type: "Input", namespace, props: {} });
    const made = (html: string, dcc: string) => ({
      type: "Div",
      namespace: html,
      props: { children: [field(dcc)] },
    });
    const answered = await answer(() => made("dash_html_components", "dash_core_components"));
    expect(answered).toEqual(ok(["set", "out", "children", made("wscb_html", "wscb_dcc")]));
    const date = new Date(0);
    const array = new Float64Array(2);
    expect(await answer(() => ({ date, array, other: field("mine") }))).toEqual(
      ok(["set", "out", "children", { date, array, other: field("mine") }]),
    );
  });

  it("has its namespace as `this`", async () => {
    const self = function (this: unknown) {
      return this === page.ns;
    };
    expect(await answer(self)).toEqual(ok(["set", "out", "children", true]));
  });

  it("may be a promise", async () => {
    expect(await answer(async () => 2)).toEqual(ok(["set", "out", "children", 2]));
  });

  it("leaves the output alone with no_update, and all with PreventUpdate", async () => {
    expect(await answer(() => page.no_update)).toEqual(none);
    const prevent = () => {
      throw page.PreventUpdate;
    };
    expect(await answer(prevent)).toEqual(none);
  });

  it("returns a list where there are several outputs", async () => {
    const several = call(
      {},
      {
        outputs: [
          ["a", "x"],
          ["b", "y"],
        ],
        clientside: { namespace: "ns", name: "f", multi: true },
      },
    );
    expect(await answer(() => [1, noUpdate], several)).toEqual(ok(["set", "a", "x", 1]));
    for (const wrong of [5, [1], [1, 2, 3]]) {
      expect((await answer(() => wrong, several)).outcome.detail?.message).toMatch(/no list of 2 values/);
    }
  });

  it("with no output runs for what it does", async () => {
    expect(await answer(() => "ignored", call({}, { outputs: [] }))).toEqual(ok());
  });

  it("sets props of any component", async () => {
    await answer(() => {
      page.set_props?.("b", { value: 1 });
      page.set_props?.({ type: "row", i: 1 }, { value: 2 });
      return noUpdate;
    });
    expect(set.mock.calls).toEqual([
      ["b", { value: 1 }],
      ['{"i":1,"type":"row"}', { value: 2 }],
    ]);
  });

  it("returns operations, and sets them", async () => {
    const field = { type: "Input", namespace: "dash_core_components", props: {} };
    const made = new Patch().append(["a"], field).insert([], 1, "x").div(["n"], 2).clear().build();
    const operations = [
      ["append", ["a"], { ...field, namespace: "wscb_dcc" }],
      ["insert", [], [1, "x"]],
      ["truediv", ["n"], 2],
      ["clear", []],
    ];
    const f = () => {
      page.set_props?.("b", { data: made, title: "t" });
      return made;
    };
    expect(await answer(f)).toEqual(ok(...operations.map((one) => ["op", "out", "children", one])));
    expect(set.mock.calls).toEqual([["b", { title: "t" }]]);
    expect(change.mock.calls).toEqual([["b", "data", operations]]);
    expect(await answer(() => new Patch())).toEqual(none);
  });

  it("that fails ends as an error, which the console tells", async () => {
    const { outcome } = await answer(() => {
      throw new RangeError("too far");
    });
    expect(outcome).toEqual({
      id: 1,
      how: "error",
      detail: { code: "clientside", message: "RangeError: too far" },
    });
    expect(console.error).toHaveBeenCalledOnce();
  });

  it.each([{}, { ns: {} }, { ns: { f: 1 } }])("that is not there is named: %o", async (functions) => {
    Object.assign(page, functions);
    const { outcome } = await run(call(), page);
    expect(outcome.detail?.message).toMatch(/dash_clientside\.ns\.f is no function/);
  });

  it("cannot be what every object has", async () => {
    page.ns = {};
    const made = call({}, { clientside: { namespace: "ns", name: "toString" } });
    expect((await run(made, page)).outcome.how).toBe("error");
  });
});

describe("the context", () => {
  const told = async (made: Call) => {
    let context: Context | undefined;
    await answer(() => {
      context = page.callback_context;
      return noUpdate;
    }, made);
    return context as Context;
  };

  it("says what triggered it, and with what; until the function has returned", async () => {
    expect(await told(call())).toEqual({
      inputs: { "a.value": 1 },
      inputs_list: [{ id: "a", property: "value", value: 1 }],
      states: { "s.value": "s" },
      states_list: [{ id: "s", property: "value", value: "s" }],
      outputs_list: { id: "out", property: "children" },
      triggered: [{ prop_id: "a.value", value: 1 }],
      triggered_id: "a",
    });
    expect(page.callback_context).toBeUndefined();
  });

  it("has null for what is not set, as in Dash", async () => {
    const { inputs, states } = await told(call({ inputs: [undefined], state: [undefined] }));
    expect([inputs, states]).toEqual([{ "a.value": null }, { "s.value": null }]);
  });

  it("in an initial call has no trigger", async () => {
    expect(await told(call({ trigger: [] }))).toMatchObject({ triggered: [], triggered_id: undefined });
  });

  it("of patterns has ids as they were written, in lists where all are meant", async () => {
    const one = '{"i":1,"type":"row"}';
    const two = '{"i":2,"type":"row"}';
    const made = call(
      { inputs: [[10, 20]], ids: [[null], [[one, two]], [null]], trigger: [`${two}.value`] },
      {
        inputs: [
          [one, "value"],
          [two, "value"],
        ],
      },
    );
    expect(await told(made)).toMatchObject({
      inputs_list: [
        [
          { id: { i: 1, type: "row" }, property: "value", value: 10 },
          { id: { i: 2, type: "row" }, property: "value", value: 20 },
        ],
      ],
      triggered: [{ prop_id: `${two}.value`, value: 20 }],
      triggered_id: { i: 2, type: "row" },
    });
  });
});

it("outputs of a pattern take a list, one for each component", async () => {
  const outputs = [
    ["x", "v"],
    ["y", "v"],
  ];
  const made = call({ ids: [[["x", "y"]], [null], [null]] }, { outputs });
  expect(await answer(() => [1, 2], made)).toEqual(ok(["set", "x", "v", 1], ["set", "y", "v", 2]));
  expect(await answer(() => noUpdate, made)).toEqual(none);
  expect((await answer(() => [1], made)).outcome.detail?.message).toMatch(/no list of 2 values.*components/);
});
