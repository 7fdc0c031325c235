/** The long job, as server-sent events. */
import { useEffect, useRef, useState } from "react";

interface Step {
  percent: number;
  doing: string;
  csv: string;
}

const READY: Step = { percent: 0, doing: "One row a minute, as CSV.", csv: "" };

export function Export() {
  const [step, setStep] = useState<Step>(READY);
  const source = useRef<EventSource>(null);
  const runs = step.percent > 0 && step.percent < 100;

  useEffect(() => () => source.current?.close(), []);

  function start() {
    const events = new EventSource("/api/export");
    source.current = events;
    events.onmessage = ({ data }) => {
      const next: Step = JSON.parse(data);
      setStep(next);
      if (next.csv) events.close(); // or the browser would ask again
    };
    events.onerror = () => {
      events.close();
      setStep({ ...READY, doing: "It broke off. Try again." });
    };
  }

  return (
    <section className="card export">
      <header>
        <h2>Export</h2>
        <p className="note">the last hour, by server-sent events</p>
      </header>
      <p className="does">
        <button type="button" className="button" onClick={start} disabled={runs}>
          Start
        </button>
        {step.csv ? (
          <a className="button primary" download="line4.csv" href={`data:text/csv,${encodeURIComponent(step.csv)}`}>
            Save line4.csv
          </a>
        ) : null}
      </p>
      <progress max={100} value={step.percent} aria-label="Progress of the export" />
      <p className="note">{step.doing}</p>
    </section>
  );
}
