/** `Store`: data that shows nothing and, where asked for, outlives the page in the browser's storage. */
import type { Props } from "../props";
import type { Adapter } from "./adapter";

/** JSON with typed arrays and big integers, which a value may hold. */
const write = (_: string, value: unknown): unknown => {
  if (typeof value === "bigint") return { $: "BigInt", v: String(value) };
  if (!ArrayBuffer.isView(value)) return value;
  const list = [...(value as Float64Array)].map((n) => (Number.isFinite(n) ? n : String(n)));
  return { $: value.constructor.name, v: list };
};
const TYPED = {
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
};
const read = (_: string, value: { $?: keyof typeof TYPED | "BigInt"; v: never }): unknown => {
  if (value?.$ === "BigInt") return BigInt(value.v);
  const type = value?.$ && TYPED[value.$];
  return type ? type.from((value.v as unknown[]).map(Number)) : value;
};

/** The adapter for pages below `base`, which keeps apps on one host apart. */
export function store(base: string): Adapter["mount"] {
  return (el, _type, props, emit) => {
    const { storage_type: kind } = props;
    // Kept data is a convenience: a browser that refuses storage, or is full, still has the page.
    const kept = <T>(act: (storage: Storage, key: string) => T): T | undefined => {
      try {
        if (kind === "local" || kind === "session") {
          return act(kind === "local" ? localStorage : sessionStorage, `wscb:${base}${el.id}`);
        }
      } catch {}
      return undefined;
    };
    type Kept = { data: unknown; modified_timestamp: number };
    const load = () =>
      kept((storage, key) => JSON.parse(storage.getItem(key) ?? "null", read) as Kept | null);
    const save = (data: unknown) => {
      const modified_timestamp = Date.now();
      kept((storage, key) => storage.setItem(key, JSON.stringify({ data, modified_timestamp }, write)));
      return { modified_timestamp };
    };
    const other = (event: StorageEvent) => {
      const found = event.key === `wscb:${base}${el.id}` && load();
      if (found) emit((last = found) as unknown as Props);
    };
    if (kind === "local") addEventListener("storage", other);

    let last: { data?: unknown } | undefined;
    return {
      set(changed) {
        const first = !last;
        const found = first ? load() : undefined;
        last ??= {};
        if (changed.clear_data) {
          kept((storage, key) => storage.removeItem(key));
          last.data = null;
          emit({ clear_data: false, data: null, modified_timestamp: -1 });
        } else if (found && JSON.stringify(found.data, write) !== JSON.stringify(changed.data, write)) {
          last.data = found.data;
          emit(found as unknown as Props);
        } else if (!found && "data" in changed && changed.data !== last.data) {
          last.data = changed.data;
          emit(save(changed.data));
        }
      },
      destroy: () => removeEventListener("storage", other),
    };
  };
}
