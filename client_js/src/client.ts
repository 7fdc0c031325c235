/**
 * The client: brings session, connection, store, graph and the page together.
 *
 * A delta is one task: store, `have`, the outcomes, and the calls that they trigger. The DOM follows with the next
 * frame, the ack after the paint.
 */

import { decode, pack } from "./codec";
import { Connection, type ConnectionEnv, type Late } from "./connection";
import type { Effect, TaskState } from "./effects";
import { Graph, type Resolve } from "./graph";
import type { HttpEnv, post } from "./http";
import { Session } from "./session";
import { Store } from "./store";
import {
  type Call,
  type Change,
  type Commit,
  type DomPage,
  ensure,
  type MountOptions,
  type Outcome,
  type PageData,
  type Problem,
  type Spec,
} from "./types";

export interface Env extends ConnectionEnv {
  /** The page's own address. */
  location: { href: string; pathname: string; search: string };
  visible(): boolean;
  /** What the modules do that the server has put before the page's own: at its start, how patterns are resolved. */
  prepare?: ((specs: Spec[], client: Client) => Resolve | undefined) | undefined;
  clientside?:
    | ((env: HttpEnv & { client: Client }, ...rest: RestOf<typeof post>) => ReturnType<typeof post>)
    | undefined;
}

type RestOf<F> = F extends (first: HttpEnv, ...rest: infer R) => unknown ? R : never;

/** How the store comes to the screen. */
export type Mount = (options: Omit<MountOptions<Store>, "root">) => DomPage;

interface Running extends Call {
  abort?: AbortController;
  done?: ((outcome: Outcome) => void) | undefined;
  /** How much had been typed when it began; decides for HTTP what `cq` decides for the socket. */
  typed: number;
}

/** What was typed last in a field: which stroke, and the `q` of the first message after it. */
interface Mark {
  stroke: number;
  q: number;
}

export class Client {
  readonly store = new Store();
  #page: PageData;
  #env: Env;
  #base: string;
  #dom!: DomPage;
  #graph: Graph;
  #session: Session;
  #connection: Connection;
  #specs: Map<string, Spec>;
  #running = new Map<number, Running>();
  #marks = new Map<string, Mark>();
  #strokes = 0;
  #q = 0;
  #opens = 0;
  /** Resolves when the operations have been loaded, or could not be. */
  #loading: Promise<void> | undefined;
  #stopWake = () => {};
  #wakeAt: number | undefined;
  /** True while calls are being made, and until the page is mounted: what changes meanwhile is seen to then. */
  #busy = true;
  /** The server does not take this page: no call goes over the socket. */
  #refused = false;

  constructor(page: PageData, env: Env, mount: Mount) {
    this.#page = page;
    this.#env = env;
    this.#base = new URL(page.base, env.location.href).href;
    this.#specs = new Map(page.callbacks.map((spec) => [spec.id, spec]));
    const { pathname: path, search: query } = env.location;
    const { build, limits } = page;
    this.#session = new Session({ build, page: { path, query }, visible: env.visible(), limits });
    this.#connection = new Connection(env, this.#base, {
      opened: () => {
        this.#opens++;
        this.#perform(this.#session.opened());
      },
      message: (message, size) => {
        const opens = this.#opens;
        this.#inOrder((message as { changes?: unknown }).changes, () => {
          if (opens === this.#opens) this.#perform(this.#session.receive(message, size, env.now()));
        });
      },
      closed: (code) => this.#session.closed(code),
      ask: () => {
        this.#cancel(0);
        const q = this.#q;
        return () => this.#session.cq >= q;
      },
      state: (state) => {
        this.#refused = state.state === "refused";
        this.#dom.banner(state);
        if (this.#refused) this.#perform(this.#session.hide(true));
      },
    });
    this.#graph = new Graph(page.callbacks, this.store, env.prepare?.(page.callbacks, this));
    this.#graph.changed(this.store.load(page.layout));
    this.#dom = mount({
      store: this.store,
      emit: (id, props) => this.#emit(id, props),
      problem: (problem) => this.#problems([problem]),
      page,
    });
    const begin = () => {
      this.#busy = false;
      this.shown();
    };
    if (this.#dom.ready) this.#dom.ready.then(begin, begin);
    else begin();
  }

  /** The page's own change: triggers what reads it. */
  set(id: string, props: Record<string, unknown>): void {
    this.#noted(this.store.set(id, props));
    this.#advance();
  }

  /** Calls a callback with these values, whatever the store holds; `done` is told how it ended. */
  call(callback: string, inputs: unknown[], state: unknown[], done: (outcome: Outcome) => void): void {
    const spec = this.#specs.get(callback) as Spec;
    this.#start({ id: ++this.#graph.lastId, spec, inputs, state, trigger: [] }, done);
    this.#advance();
  }

  // What the browser tells

  /** The network is there, or gone. */
  online(online: boolean): void {
    if (online) this.#connection.wake();
    else this.#connection.wentOffline();
  }

  visible(visible: boolean): void {
    this.#perform(this.#session.visible(visible));
    if (visible) this.#connection.wake();
  }

  /** The page is left, perhaps into the back-forward cache. */
  hide(): void {
    // What these ends make due waits until the page is shown again.
    this.#busy = true;
    for (const { id, abort } of [...this.#running.values()]) if (abort) this.#cancel(id);
    this.#perform(this.#session.hide());
    this.#connection.stop();
    this.#busy = false;
    this.#show();
  }

  /** The page is there: first, or back from that cache. */
  shown(): void {
    if (this.#page.socket) this.#connection.start();
    else this.#dom.banner({ state: "live" });
    this.#advance();
  }

  /** Hands in what came. The first operation waits for how they are done, and all that comes meanwhile behind it. */
  #inOrder(changes: unknown, then: () => void): void {
    if (!this.store.apply && (changes as Change[] | undefined)?.some(([kind]) => kind === "op")) {
      this.#loading ??= this.#operations();
    }
    if (this.#loading) this.#loading.then(then);
    else then();
  }

  async #operations(): Promise<void> {
    try {
      this.store.apply = (await this.#env.patch()).apply;
    } catch {
      // What came over the link comes again over the next one; else each is a problem, and the next one tries again.
      if (this.#session.ready) this.#connection.closed();
    }
    this.#loading = undefined;
  }

  // The session's effects

  #perform(effects: Effect[]): void {
    for (const effect of effects) this.#do(effect);
    if (this.#session.q > this.#q) {
      for (const mark of this.#marks.values()) if (mark.q === Infinity) mark.q = this.#q + 1;
    }
    this.#q = this.#session.q;
    this.#wake();
  }

  #do(effect: Effect): void {
    if (effect.do === "send") this.#connection.send(effect.frame);
    else if (effect.do === "commit") this.#commit(effect);
    else if (effect.do === "settle") {
      this.#settled(effect.outcome);
      this.#advance();
    } else if (effect.do === "read") {
      const { id, component, prop } = effect;
      const error = this.store.has(component) ? undefined : "not_on_page";
      this.#perform(this.#session.answer(id, this.store.get(component, prop), error));
    } else if (effect.do === "drain") this.#connection.drain = effect.after;
    else if (effect.do === "error") this.#connection.said = effect.message;
    else {
      this.#connection.welcomed(effect.mode, effect.heartbeat);
      if (effect.mode !== "resumed") this.#renumbered();
      // Somebody works on the app: what this page shows may be of yesterday.
      if (effect.lost && this.#page.debug) this.#env.reload();
    }
  }

  /** Another session counts from 1: what was sent to the last one is as if sent with the last number of this one. */
  #renumbered(): void {
    this.#q = this.#session.q;
    for (const mark of this.#marks.values()) if (mark.q !== Infinity) mark.q = this.#q;
  }

  #wake(): void {
    const due = this.#session.due;
    if (due === this.#wakeAt) return;
    this.#stopWake();
    this.#wakeAt = due;
    if (due === undefined) return;
    this.#stopWake = this.#env.later(Math.max(0, due - this.#env.now()), () => {
      this.#wakeAt = undefined;
      this.#perform(this.#session.wake(this.#env.now()));
    });
  }

  #commit({ to, changes, outcomes, tasks }: Effect & { do: "commit" }): void {
    this.#apply(changes, (id, cq) => (this.#marks.get(id)?.q ?? 0) > (cq ?? 0));
    for (const outcome of outcomes) this.#settled(outcome);
    for (const task of tasks) this.#task(task);
    this.#advance();
    this.#dom.painted().then(() => this.#perform(this.#session.painted(to, this.#env.now())));
  }

  /** @param typed whether a field has been typed in since the server wrote its value; then, focused, it keeps its own */
  #apply(changes: Change[], typed: (id: string, cq?: number) => boolean): void {
    const kept = changes.filter((change) => {
      const [kind, id, prop] = change;
      if (kind !== "set" || prop !== "value" || !typed(id, change[4])) return true;
      return this.#dom.focused() !== id;
    });
    const commit = this.store.commit(kept);
    for (const id of commit.removed) this.#marks.delete(id);
    this.#noted(commit);
  }

  #task([callback, state, detail]: TaskState): void {
    const spec = this.#specs.get(callback);
    if (!spec) return;
    this.#switch(spec, state === "running");
    this.#dom.ended(spec, state, detail);
  }

  // Changes and calls

  #emit(id: string, props: Record<string, unknown>): void {
    if ("value" in props) this.#marks.set(id, { stroke: ++this.#strokes, q: Infinity });
    this.set(id, props);
  }

  #noted(commit: Commit): void {
    this.#problems(commit.problems);
    this.#graph.changed(commit);
  }

  #problems(problems: Problem[]): void {
    for (const problem of problems) {
      this.#perform(this.#session.problem(problem, this.#env.now()));
      this.#dom?.problem(problem);
    }
  }

  /** Makes the calls that are due, and those that these make due. */
  #advance(): void {
    if (this.#busy) return;
    this.#busy = true;
    try {
      for (;;) {
        const step = this.#graph.step();
        this.#problems(step.problems);
        for (const id of step.cancels) this.#cancel(id);
        for (const call of step.calls) this.#start(call);
        if (!step.calls.length && !step.cancels.length) break;
      }
    } finally {
      this.#busy = false;
    }
    this.#show();
  }

  #start(call: Call, done?: Running["done"]): void {
    const { spec, ...rest } = call;
    const { id: callback, retry, persistent: task, on_repeat: repeat } = spec;
    if (!task) {
      const running: Running = { ...call, done, typed: this.#strokes };
      this.#running.set(call.id, running);
      this.#switch(spec, true);
      if (!spec.socket) {
        this.#post(running);
        return;
      }
    }
    this.#perform(this.#session.invoke({ ...rest, callback, retry, task, repeat }, this.#env.now()));
    if (this.#refused) this.#perform(this.#session.hide(true));
    if (!task) this.#connection.needed();
  }

  async #post(call: Running): Promise<void> {
    const { signal } = (call.abort = new AbortController());
    const env = { ...this.#env, pack, decode, client: this };
    let late: Late | undefined;
    // Nothing was sent, so nothing is done twice by asking again.
    while (!(late = await env.late().catch(() => undefined)) && !signal.aborted)
      await new Promise<void>((done) => env.later(1000, done));
    const url = `${this.#base}_wscb/invoke`;
    const answer = await (call.spec.clientside ? env.clientside : late?.post)?.(
      env,
      url,
      call,
      this.#page.limits.message,
      signal,
    );
    if (!answer) return;
    this.#inOrder(answer.changes, () => {
      if (!this.#running.has(call.id)) return;
      this.#apply(answer.changes, (id) => (this.#marks.get(id)?.stroke ?? 0) > call.typed);
      this.#settled(answer.outcome);
      this.#advance();
    });
  }

  #cancel(id: number): void {
    const call = this.#running.get(id);
    if (!call?.abort) this.#perform(this.#session.cancel(id, this.#env.now()));
    else {
      call.abort.abort();
      this.#settled({ id, how: "cancelled" });
    }
  }

  #settled(outcome: Outcome): void {
    const { id, how, detail } = outcome;
    const call = this.#running.get(id);
    this.#graph.settled(id, how);
    if (!call) return;
    this.#running.delete(id);
    const { spec } = call;
    if (![...this.#running.values()].some((other) => other.spec === spec)) this.#switch(spec, false);
    this.#dom.ended(spec, how, detail);
    call.done?.(outcome);
  }

  /** `running=`: the props that show that it runs. */
  #switch(spec: Spec, on: boolean): void {
    for (const [id, prop, yes, no] of spec.running ?? []) {
      if (this.store.has(id)) this.#noted(this.store.set(id, { [prop]: on ? yes : no }));
    }
  }

  /** What waits on a call. */
  #show(): void {
    const waiting = new Map<string, Set<string>>();
    for (const { spec } of this.#running.values()) {
      for (const [id, prop] of spec.outputs) ensure(waiting, id, () => new Set()).add(prop);
    }
    this.#dom.loading(waiting, this.#running.size > 0);
  }
}
