/** The service's own WebSocket, beside that of the dashboard. */
import { type FormEvent, useEffect, useRef, useState } from "react";

interface Note {
  time: string;
  who: string;
  text: string;
}

export function Radio() {
  const [notes, setNotes] = useState<Note[]>([]);
  const socket = useRef<WebSocket>(null);

  useEffect(() => {
    const opened = new WebSocket("/radio");
    opened.onmessage = ({ data }) => setNotes((before) => [JSON.parse(data), ...before].slice(0, 7));
    socket.current = opened;
    return () => opened.close();
  }, []);

  function say(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    const text = String(new FormData(form).get("text")).trim();
    if (text) socket.current?.send(text);
    form.reset();
  }

  return (
    <section className="card radio">
      <header>
        <h2>Radio</h2>
        <p className="note">what one says, all hear</p>
      </header>
      <form onSubmit={say}>
        <input
          name="text"
          placeholder="Say something to the shift"
          aria-label="Say"
          autoComplete="off"
          maxLength={200}
        />
        <button type="submit" className="button">
          Say
        </button>
      </form>
      <ol className="log">
        {notes.map(({ time, who, text }) => (
          <li key={`${time} ${who} ${text}`}>
            <time>{time}</time>
            <b>{who}</b>
            <span>{text}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
