/** A client without a browser or a server: a test speaks for the server, and for the person who looks at the page. */
import { Client } from "../src/client";
import {
  type BannerState,
  type Change,
  type Detail,
  type DomPage,
  isError,
  type PageData,
  type Problem,
  type Ref,
  type Spec,
} from "../src/types";
import { FakeEnv, settle } from "./clock";
import { div } from "./nodes";

/** What the page was told, and what a person does in it. */
export class Screen implements DomPage {
  states: BannerState[] = [];
  errors: (Detail | Problem)[] = [];
  ends: string[] = [];
  waiting: string[] = [];
  busy = false;
  focus: string | undefined;
  ready: Promise<void> | undefined;
  emit: (id: string, props: Record<string, unknown>) => void = () => {};
  #painting: (() => void)[] = [];

  painted = () => new Promise<void>((done) => this.#painting.push(done));
  focused = () => this.focus;
  banner = (state: BannerState) => void this.states.push(state);
  ended: DomPage["ended"] = ({ id }, how, detail) => {
    this.ends.push(how);
    if (isError(how, detail)) this.errors.push({ code: how, callback: id, ...detail });
  };
  problem = (problem: Problem) => void this.errors.push(problem);
  loading = (waiting: Map<string, Set<string>>, busy: boolean) => {
    this.busy = busy;
    this.waiting = [...waiting].flatMap(([id, props]) => [...props].map((prop) => `${id}.${prop}`));
  };

  async paint(): Promise<void> {
    for (const done of this.#painting.splice(0)) done();
    await settle();
  }
}

/** A callback as the page data has it; inputs and outputs are words: `run.n_clicks field.value`. */
export const spec = (id: string, inputs: string, outputs: string, more: Partial<Spec> = {}): Spec => {
  const refs = (text: string) =>
    text
      .split(" ")
      .filter(Boolean)
      .map((ref) => ref.split(".") as unknown as Ref);
  return {
    id,
    inputs: refs(inputs),
    outputs: refs(outputs),
    state: [],
    initial: false,
    socket: true,
    ...more,
  };
};

/** What `open` has opened last. */
export let env: FakeEnv;
export let screen: Screen;
export let client: Client;
let to: number;

export function open(callbacks: Spec[], more: Partial<PageData> = {}, ready?: Promise<void>): void {
  env = new FakeEnv();
  screen = new Screen();
  to = 0;
  const page: PageData = {
    build: "b",
    base: "/app/",
    title: "T",
    socket: true,
    limits: { message: 10_000, calls: 8, rate: 100 },
    layout: [div("run"), div("out"), div("field", null, { value: "" }), div("bar"), div("stop")],
    callbacks,
    ...more,
  };
  client = new Client(page, env, (options) => {
    screen.emit = options.emit;
    screen.ready = ready;
    return screen;
  });
}

/** The next delta over the socket comes after this version: another session counts anew, a lost delta comes again. */
export const follow = (version: number) => {
  to = version;
};

export const delta = (more: { changes?: Change[]; outcomes?: unknown[]; tasks?: unknown[]; cq?: number }) =>
  env.link.say({ type: "delta", to: ++to, cq: 0, ...more } as never);

export const click = (n = 1) => screen.emit("run", { n_clicks: n });
export const state = () => screen.states.at(-1)?.state;
