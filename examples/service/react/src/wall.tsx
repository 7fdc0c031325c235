/** The wall board of line 4: a page of the service's own, in React, fed by the callbacks of the dashboard. */
import { createRoot } from "react-dom/client";
import { Export } from "./export";
import { app, type Columns, useConnection, useLastHour, useProp } from "./line";
import { Radio } from "./radio";
import { Trend } from "./trend";

const MACHINES = ["rinser", "filler", "capper", "labeller", "packer", "palletiser"] as const;
type Machine = (typeof MACHINES)[number];
const MOST = 550; // bottles a minute, at the top of a trend
const STEP = 10;

/** The callback of the dashboard's button. */
const SET_SPEED = "said.children|set.n_clicks|machine.value,speed.value";

const text = (value: unknown) => String(value ?? "…");

function Wall() {
  return (
    <div className="wall">
      <Top />
      <main>
        <Output />
        <div className="board">
          {MACHINES.map((id) => (
            <MachineCard key={id} id={id} />
          ))}
        </div>
        <aside>
          <Export />
          <Radio />
        </aside>
      </main>
    </div>
  );
}

function Top() {
  const { state, reason } = useConnection();
  return (
    <header className="top" data-wscb-state={state}>
      <span className="logo" aria-hidden="true">
        <i />
        <i />
        <i />
      </span>
      <div className="title">
        <h1>Line 4</h1>
        <p>Wall board</p>
      </div>
      {reason ? <p role="alert">{reason}</p> : null}
      <span className="connection" />
      <nav>
        <a href="/dashboard/">Dashboard</a>
      </nav>
    </header>
  );
}

function Output() {
  const hour = useLastHour();
  return (
    <section className="card output">
      <Trend values={hour["output"] ?? []} most={MOST} />
      <div>
        <h2>Output, now and in the last hour</h2>
        <p className="now huge">
          <span id="output">{text(useProp("output", "children"))}</span>
          <small>bottles/min</small>
        </p>
      </div>
      <dl>
        <div>
          <dt>Last hour</dt>
          <dd>{text(useProp("made", "children"))}</dd>
        </div>
        <div>
          <dt>Efficiency</dt>
          <dd>{text(useProp("efficiency", "children"))} %</dd>
        </div>
        <div>
          <dt>Running</dt>
          <dd>{text(useProp("running", "children"))} of 6</dd>
        </div>
      </dl>
    </section>
  );
}

function MachineCard({ id }: { id: Machine }) {
  const columns = useProp("chart", "data") as Columns | null | undefined;
  const state = text(useProp(`${id}-state`, "children"));
  const speed = Number(useProp(`${id}-speed`, "children") ?? 0);
  const change = (by: number) => app.call(SET_SPEED, [1], [id, speed + by]);
  return (
    <section className="card machine" id={id}>
      <header>
        <h2>{id}</h2>
        <span className="state" data-state={state.toLowerCase()}>
          {state}
        </span>
      </header>
      <p className="now">
        {text(useProp(`${id}-rate`, "children"))}
        <small>bottles/min</small>
      </p>
      <Trend values={columns?.[id]?.slice(-240) ?? []} most={MOST} />
      <p className="set">
        <button type="button" className="button" onClick={() => change(-STEP)} aria-label={`Slow the ${id} down`}>
          −
        </button>
        <span>
          set to <b>{speed}</b>
        </span>
        <button type="button" className="button" onClick={() => change(STEP)} aria-label={`Speed the ${id} up`}>
          +
        </button>
      </p>
    </section>
  );
}

createRoot(document.getElementById("root") as HTMLElement).render(<Wall />);
