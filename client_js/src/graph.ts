/**
 * Which callbacks a change triggers, and when. Pure: it is told of changes and outcomes, and says what to call.
 *
 * As in Dash: a callback waits while one that writes its inputs waits or runs, and is then called once, with the
 * final values. Initial calls go in that order by themselves. One that had its initial call coming and whose inputs
 * all come from callbacks that changed nothing is not called: `PreventUpdate` and `no_update` stop the chain. A
 * callback that writes its own input does not trigger itself.
 */
import { type Call, type Commit, ensure, type How, type Problem, type Read, type Spec } from "./types";

/** What the graph asks of the store. */
export interface Props {
  has(id: string): boolean;
  get(id: string, prop: string): unknown;
}

/**
 * What the callbacks with patterns in their ids are on the page now, if that has changed: specs with plain ids, each the
 * same object for as long as it is there. `fewer` are those that read a component less.
 */
export type Resolve = (commit: Commit) => { specs: Spec[]; fewer: Spec[] } | undefined;

export interface Step {
  calls: Call[];
  /** Ids of calls to cancel, before the calls are made. */
  cancels: number[];
  problems: Problem[];
}

interface Wait {
  /** The inputs that changed, first change first. */
  trigger: Set<string>;
  /** Inputs whose writers ended without a change. */
  stopped: Set<string>;
}

const key = ([id, prop]: Read) => `${id}.${prop}`;
const writes = (spec: Spec, prop: string) => spec.outputs.some((ref) => key(ref) === prop);

export class Graph {
  #fixed: Spec[];
  #specs!: Spec[];
  #props: Props;
  #readers = new Map<string, Spec[]>();
  #waiting = new Map<Spec, Wait>();
  #running = new Map<number, Spec>();
  #stale = new Set<number>();
  #cancels: number[] = [];
  /** The last id of a call; each is the next, for the life of the page. */
  lastId = 0;
  #loaded = false;
  #resolve: Resolve | undefined;

  /** @param resolve there where callbacks have patterns */
  constructor(specs: Spec[], props: Props, resolve?: Resolve) {
    // The server starts the tasks that have no inputs.
    this.#fixed = specs.filter((spec) => !spec.patterns && (!spec.persistent || spec.inputs.length));
    this.#props = props;
    this.#resolve = resolve;
    this.#know([]);
  }

  #know(resolved: Spec[]): void {
    this.#specs = [...this.#fixed, ...resolved];
    this.#readers.clear();
    for (const spec of this.#specs) {
      for (const ref of spec.inputs) ensure(this.#readers, key(ref), () => []).push(spec);
    }
  }

  /** A commit of the store. The first is the layout. */
  changed(commit: Commit): void {
    const resolved = this.#resolve?.(commit);
    if (resolved) this.#know(resolved.specs);
    for (const [id, props] of commit.changed) {
      for (const prop of props) this.#trigger(`${id}.${prop}`, commit.by);
    }
    if (commit.added.size) for (const spec of this.#specs) this.#arrive(spec, commit.added);
    if (commit.removed.size) {
      for (const [id, spec] of this.#running) if (this.#gone(spec)) this.#cancels.push(id);
    }
    for (const spec of resolved?.fewer ?? []) this.#wait(spec);
    this.#loaded = true;
  }

  #trigger(input: string, by: Commit["by"]): void {
    for (const spec of this.#specs) {
      if (spec.cancel?.some((ref) => key(ref) === input)) this.#cancels.push(...this.#runs(spec));
    }
    for (const spec of this.#readers.get(input) ?? []) {
      const own = by === "server" && writes(spec, input) && this.#runs(spec).length;
      if (!own) this.#wait(spec).trigger.add(input);
    }
  }

  /**
   * Components have come. A callback whose output is among them, or that has none, has its initial call. One whose
   * output was there before is triggered by the input that came, `prevent_initial_call` or not.
   */
  #arrive(spec: Spec, added: Set<string>): void {
    const came = (ref: Read) => added.has(ref[0]);
    const inputs = spec.inputs.filter(came);
    // Without either it is called at the start.
    if (spec.outputs[0] ? spec.outputs.some(came) : inputs[0] || !(spec.inputs[0] || this.#loaded)) {
      if (spec.initial) this.#wait(spec);
    } else if (this.#loaded) {
      for (const ref of inputs) this.#wait(spec).trigger.add(key(ref));
    }
  }

  /** A call has its outcome; what it changed was told before. */
  settled(id: number, how?: How): void {
    const spec = this.#running.get(id);
    this.#running.delete(id);
    this.#stale.delete(id);
    if (!spec) return;
    // Older ones may still run, and what they return counts for nothing.
    if (how === "ok") for (const other of this.#runs(spec)) if (other < id) this.#stale.add(other);
    this.#stop(spec);
  }

  /** Those who wait on its outputs need not: if they have changed, that was noted as a trigger. */
  #stop(spec: Spec): void {
    for (const output of spec.outputs.map(key)) {
      for (const reader of this.#readers.get(output) ?? []) this.#waiting.get(reader)?.stopped.add(output);
    }
  }

  /** What to do now. The calls count as running until they are `settled`. */
  step(): Step {
    const step: Step = { calls: [], cancels: this.#cancels, problems: [] };
    this.#cancels = [];
    for (let ready = this.#ready(); ready.length; ready = this.#ready()) {
      for (const spec of ready) {
        const wait = this.#waiting.get(spec) as Wait;
        this.#waiting.delete(spec);
        const call = this.#call(spec, wait, step.problems);
        if (!call) this.#stop(spec);
        else {
          if (spec.persistent) for (const id of this.#runs(spec)) this.#running.delete(id);
          this.#running.set(call.id, spec);
          step.calls.push(call);
        }
      }
    }
    return step;
  }

  #ready(): Spec[] {
    const coming = new Set<string>();
    const note = (spec: Spec) => {
      // A task may never end, so nobody waits for it.
      if (spec.persistent) return;
      for (const output of spec.outputs.map(key)) {
        if (coming.has(output)) continue;
        coming.add(output);
        // What it triggers will write too.
        this.#readers.get(output)?.forEach(note);
      }
    };
    for (const spec of this.#waiting.keys()) note(spec);
    let finite = 0;
    for (const [id, spec] of this.#running) {
      if (this.#stale.has(id)) continue;
      note(spec);
      if (!spec.persistent) finite++;
    }
    const waiting = [...this.#waiting.keys()];
    const ready = waiting.filter((spec) =>
      spec.inputs.every((ref) => !coming.has(key(ref)) || writes(spec, key(ref))),
    );
    // They wait for one another: declared circles are refused by the server, so any order is as good.
    return ready.length || finite ? ready : waiting.slice(0, 1);
  }

  #call(spec: Spec, wait: Wait, problems: Problem[]): Call | undefined {
    const { inputs, outputs, state } = spec;
    const here = ([id]: Read) => this.#props.has(id);
    if (this.#gone(spec) || (inputs[0] && !inputs.some(here))) return undefined;
    if (inputs[0] && !wait.trigger.size && inputs.every((ref) => wait.stopped.has(key(ref))))
      return undefined;
    const missing = [...outputs, ...inputs, ...state].find((ref: Read) => !ref[2] && !here(ref));
    if (missing) {
      const [component, prop] = missing;
      problems.push({ code: "missing_input", component, prop, message: spec.id });
      return undefined;
    }
    // What is not set is undefined here, and nil on the wire.
    const values = (refs: Read[]) => refs.map(([id, prop]) => this.#props.get(id, prop));
    const trigger = [...wait.trigger];
    const call: Call = { id: ++this.lastId, spec, inputs: values(inputs), state: values(state), trigger };
    spec.shape?.(call);
    return call;
  }

  /** All that it writes has left the page. */
  #gone(spec: Spec): boolean {
    return !!spec.outputs[0] && !spec.outputs.some(([id]) => this.#props.has(id));
  }

  #runs(spec: Spec): number[] {
    return [...this.#running].filter(([, other]) => other === spec).map(([id]) => id);
  }

  #wait(spec: Spec): Wait {
    return ensure(this.#waiting, spec, () => ({ trigger: new Set(), stopped: new Set() }));
  }
}
