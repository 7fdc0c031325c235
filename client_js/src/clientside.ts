/**
 * Callbacks that are functions of the page: `window.dash_clientside[namespace][name]`, as files of the assets folder
 * define them. They take what a call over HTTP takes, and end in an answer like it; nothing is sent.
 */
import type { Answer } from "./http";
import { Patch } from "./operations";
import { type Call, type Change, isMap, isNode, type Operation, type Read, type Ref } from "./types";

/** Returned for an output, it leaves that output as it is. */
export const noUpdate = Object.freeze({ description: "no_update" });
/** Thrown: no output changes. */
export const preventUpdate = Object.freeze({ description: "PreventUpdate" });

type Id = string | Record<string, unknown>;

interface Entry {
  id: Id;
  property: string;
  value?: unknown;
}

/** What a function is told of its call, until it returns. */
export interface Context {
  inputs: Record<string, unknown>;
  inputs_list: (Entry | Entry[])[];
  states: Record<string, unknown>;
  states_list: (Entry | Entry[])[];
  outputs_list: Entry | Entry[] | (Entry | Entry[])[];
  triggered: { prop_id: string; value: unknown }[];
  triggered_id: Id | undefined;
}

/** The object in the window that holds the functions. Files may put another in its place, so it is read at each call. */
export interface Clientside {
  no_update?: unknown;
  PreventUpdate?: unknown;
  Patch?: typeof Patch;
  callback_context?: Context | undefined;
  set_props?: (id: Id, props: Record<string, unknown>) => void;
  [namespace: string]: unknown;
}

/** Runs a call in the page. What the function throws is told in the console, and ends it as an `error`. */
export async function run(call: Call, page: Clientside): Promise<Answer> {
  const { id, spec } = call;
  try {
    const run = found(call, page);
    page.callback_context = context(call);
    let returned: unknown;
    try {
      returned = run(...call.inputs, ...call.state);
    } finally {
      page.callback_context = undefined;
    }
    const made = changes(call, await returned);
    return { changes: made, outcome: { id, how: made.length || !spec.outputs.length ? "ok" : "no_update" } };
  } catch (error) {
    if (error === preventUpdate) return { changes: [], outcome: { id, how: "no_update" } };
    console.error(error);
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { changes: [], outcome: { id, how: "error", detail: { code: "clientside", message } } };
  }
}

function found({ spec }: Call, page: Clientside): (...args: unknown[]) => unknown {
  const { namespace, name } = spec.clientside as NonNullable<Call["spec"]["clientside"]>;
  const functions = page[namespace] as Record<string, unknown> | undefined;
  const run = functions && Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (typeof run === "function") return run.bind(functions) as (...args: unknown[]) => unknown;
  throw new TypeError(
    `dash_clientside.${namespace}.${name} is no function. Define it in a .js file of the assets folder.`,
  );
}

/** An id as the wire has it. */
function idText(id: Id): string {
  return typeof id === "string" ? id : JSON.stringify(Object.fromEntries(Object.entries(id).sort()));
}

/** `set_props` as functions of the page call it. What is a Patch is set once it is known how its operations are done. */
export const setter =
  (
    set: (id: string, props: Record<string, unknown>) => void,
    change: (id: string, prop: string, operations: Operation[]) => void,
  ): NonNullable<Clientside["set_props"]> =>
  (id, props) => {
    const entries = Object.entries(props);
    const plain = entries.filter(([, value]) => !(value instanceof Patch));
    if (plain.length) set(idText(id), ours(Object.fromEntries(plain)) as typeof props);
    for (const [prop, value] of entries)
      if (value instanceof Patch) change(idText(id), prop, operations(value));
  };

const operations = (patch: Patch) => ours(patch.operations) as Operation[];

const NAMESPACES: Record<string, string> = {
  dash_html_components: "wscb_html",
  dash_core_components: "wscb_dcc",
};

const PLAIN = new Set<unknown>([Object.prototype, null]);

/** A value with the components in it that are named as Dash names them under the names that they have here. */
export function ours(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ours);
  if (!isMap(value) || !PLAIN.has(Object.getPrototypeOf(value))) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, ours(part)]));
  if (isNode(value)) fields["namespace"] = NAMESPACES[value.namespace] ?? value.namespace;
  return fields;
}

const parsed = (id: string): Id => (id[0] === "{" ? JSON.parse(id) : id);

/** Flat things in the form in which they were declared: a list where an id stands for several. */
function grouped<T>(flat: readonly T[], ids?: readonly (string | string[] | null)[]): (T | T[])[] {
  if (!ids) return [...flat];
  let at = 0;
  return ids.map((id) => {
    if (!Array.isArray(id)) return flat[at++] as T;
    at += id.length;
    return flat.slice(at - id.length, at);
  });
}

/** The other way: what stands in a list for an id that stands for several is laid flat. */
function flattened(values: unknown[], ids?: readonly (string | string[] | null)[]): unknown[] {
  return ids
    ? values.flatMap((value, i) => (Array.isArray(ids[i]) ? (value as unknown[]) : [value]))
    : values;
}

function context(call: Call): Context {
  const { spec, trigger, ids } = call;
  const read = (refs: readonly Read[], values: unknown[], which: 1 | 2) => {
    const flat = flattened(values, ids?.[which]);
    const entries = refs.map(([id, property], i) => ({ id: parsed(id), property, value: flat[i] }));
    const byName = Object.fromEntries(refs.map(([id, prop], i) => [`${id}.${prop}`, flat[i] ?? null]));
    return { list: grouped<Entry>(entries, ids?.[which]), byName };
  };
  const inputs = read(spec.inputs, call.inputs, 1);
  const states = read(spec.state, call.state, 2);
  const outputs = grouped<Entry>(
    spec.outputs.map(([id, property]) => ({ id: parsed(id), property })),
    ids?.[0],
  );
  const first = trigger[0];
  return {
    inputs: inputs.byName,
    inputs_list: inputs.list,
    states: states.byName,
    states_list: states.list,
    outputs_list: spec.clientside?.multi ? outputs : (outputs[0] as Entry | Entry[]),
    triggered: trigger.map((prop_id) => ({ prop_id, value: inputs.byName[prop_id] })),
    triggered_id: first === undefined ? undefined : parsed(first.slice(0, first.lastIndexOf("."))),
  };
}

/** What the function returned, for each output; throws where it has another shape than they. */
function changes({ spec, ids }: Call, returned: unknown): Change[] {
  const { outputs, clientside } = spec;
  if (!outputs.length || returned === noUpdate) return [];
  const count = ids?.[0].length ?? outputs.length;
  const declared = clientside?.multi ? list(returned, count, "outputs") : [returned];
  const values = declared.flatMap((value, i) => {
    const several = ids?.[0][i];
    if (!Array.isArray(several)) return [value];
    return value === noUpdate ? several.map(() => noUpdate) : list(value, several.length, "components");
  });
  return outputs.flatMap((output: Ref, i): Change[] => {
    const value = values[i];
    const [id, prop] = output;
    if (value instanceof Patch) return operations(value).map((one) => ["op", id, prop, one]);
    return value === noUpdate ? [] : [["set", id, prop, ours(value ?? null)]];
  });
}

function list(value: unknown, length: number, of: string): unknown[] {
  if (!Array.isArray(value) || value.length !== length)
    throw new TypeError(`The function returned no list of ${length} values, one for each of its ${of}.`);
  return value;
}
