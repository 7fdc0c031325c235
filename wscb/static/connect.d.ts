/* The types of connect.js. Made from client_js/src by build.mjs: do not edit. */

/**
 * More about an outcome or a task. The exception's text and traceback leave the server in debug only.
 */
export interface Detail {
    code?: string;
    ref?: string;
    message?: string;
    traceback?: string;
    callback?: string;
}

export type How = "ok" | "no_update" | "error" | "cancelled" | "superseded" | "timeout" | "rejected" | "unknown";

/** What one change of the store did. An id made anew is in `added`, not in `removed`. */
export interface Commit {
    changed: Map<string, Set<string>>;
    added: Set<string>;
    removed: Set<string>;
    problems: Problem[];
    by: "page" | "server";
}
/** A change that could not be applied, or a call that could not be made. */
export interface Problem {
    code: string;
    component: string;
    prop: string;
    message: string;
}
/** How a call has ended. What it wrote is in the store by then. */
export interface Outcome {
    id: number;
    how: How;
    detail?: Detail | undefined;
}
export type ConnectionState = "connecting" | "live" | "waiting" | "offline" | "refused" | "stale";
export interface BannerState {
    state: ConnectionState;
    /** When the next attempt is made, ms since the epoch. */
    retryAt?: number;
    /** What happened and what to do, for a person. */
    reason?: string | undefined;
    /** The close code, where there was one. */
    code?: number;
    /** Since when there is no connection, ms since the epoch. */
    lost?: number | undefined;
    /** Try now. */
    retry?: (() => void) | undefined;
    reload?: (() => void) | undefined;
}
export interface Options {
    /** Told of calls that failed and of changes that could not be made; without it they are in the console. */
    onError?: (error: Detail) => void;
}
/** Of an app of which `wscb types` was not asked. */
export type AnyComponents = Record<string, Record<string, unknown>>;
export type AnyCallbacks = Record<string, {
    inputs: unknown[];
    state: unknown[];
    callable: true;
}>;
/** The callbacks that may be called by hand. */
export type Callable<K> = {
    [N in keyof K]: K[N] extends {
        callable: true;
    } ? N : never;
}[keyof K];
/** What a callback is called with: its inputs, and its state where it has one. */
export type Given<T> = T extends {
    inputs: infer I;
    state: infer S;
} ? unknown[] extends I ? [inputs?: unknown[], state?: unknown[]] : S extends readonly [] ? I extends readonly [] ? [inputs?: [], state?: []] : [inputs: I, state?: []] : [inputs: I, state: S] : never;
/**
 * An app without a screen. `C` and `K` are the `Components` and `Callbacks` that `wscb types` prints.
 *
 * All of it may be passed unbound: `useSyncExternalStore(app.subscribe, () => app.get("clock", "children"))`.
 */
export interface Headless<C extends object = AnyComponents, K extends object = AnyCallbacks> {
    /** The page's data is there. Rejects when it is refused, or when no app is at the address. */
    readonly ready: Promise<void>;
    /** How the connection is. */
    readonly state: ConnectionState;
    /** The same with all that is known of it: another object after each change. */
    readonly connection: BannerState;
    /** A prop: the same value until it changes, and another one then. Undefined before `ready`. */
    get<I extends keyof C, P extends keyof C[I]>(id: I, prop: P): C[I][P] | null | undefined;
    /** The page's own change: triggers what reads it. */
    set<I extends keyof C>(id: I, props: {
        [P in keyof C[I]]?: C[I][P] | null;
    }): void;
    /**
     * Calls a callback with these values, whatever the store holds. Resolves with its outcome; rejects only when there is
     * no such callback.
     */
    call<N extends Callable<K>>(callback: N, ...given: Given<K[N]>): Promise<Outcome>;
    /** Called after each commit; gives the way to stop. */
    subscribe(listener: (commit: Commit) => void): () => void;
    /** Called with each state of the connection; gives the way to stop. */
    watch(listener: (connection: BannerState) => void): () => void;
    /** Ends the session. */
    destroy(): void;
}

/**
 * Connects to an app, and draws nothing.
 *
 * @param url where the app is served, as `/dashboard/`; without it this page is the app's own
 */
export declare function connect<C extends object = AnyComponents, K extends object = AnyCallbacks>(url?: string, options?: Options): Headless<C, K>;
