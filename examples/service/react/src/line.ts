/** The dashboard's app, without its screen: `app` has the same values, live, and calls the same callbacks. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { connect } from "wscb";
import type { Callbacks, Components } from "./app";

export const app = connect<Components, Callbacks>("/dashboard/");

/** A prop of a component of the dashboard. */
export function useProp<I extends keyof Components, P extends keyof Components[I]>(id: I, prop: P) {
  return useSyncExternalStore(app.subscribe, () => app.get(id, prop));
}

export const useConnection = () => useSyncExternalStore(app.watch, () => app.connection);

/** Bottles a minute, by machine and as "output", at the times "x". */
export type Columns = Record<string, number[]>;

/** The last hour: from a route of the service, once a minute. */
export function useLastHour(): Columns {
  const [columns, setColumns] = useState<Columns>({});
  useEffect(() => {
    const load = async () => {
      const answer = await fetch("/api/data?minutes=60");
      if (answer.ok) setColumns(await answer.json());
    };
    void load();
    const timer = setInterval(load, 60_000);
    return () => clearInterval(timer);
  }, []);
  return columns;
}
