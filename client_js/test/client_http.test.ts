import { beforeEach, describe, expect, it } from "vitest";
import { encode } from "../src/codec";
import { click, client, env, open, screen, spec } from "./client";
import { settle } from "./clock";

describe("a call over HTTP", () => {
  const http = { socket: false };
  const reply = (more: object) => async () =>
    new Response(encode({ type: "delta", to: 0, cq: 0, ...more }) as Uint8Array<ArrayBuffer>, {
      headers: { "content-type": "application/x-msgpack" },
    });

  beforeEach(() => {
    open([spec("cb", "run.n_clicks", "out.children", { ...http, cancel: [["stop", "n_clicks"]] })]);
  });

  it("needs no socket", async () => {
    env.answer = reply({ changes: [["set", "out", "children", "by http"]], outcomes: [[1, "ok"]] });
    env.link.drop(4503);
    click();
    expect(screen.busy).toBe(true);
    await settle();
    await settle();
    expect(env.requests).toEqual(["http://host/app/_wscb/invoke"]);
    expect([client.store.get("out", "children"), screen.busy]).toEqual(["by http", false]);
  });

  it("waits for what makes it, which may not be loaded at first: it was not sent, so it cannot have run", async () => {
    const { late } = env;
    let asked = 0;
    env.late = () => (++asked < 3 ? Promise.reject(new TypeError("network")) : late());
    env.answer = reply({ changes: [["set", "out", "children", "done"]], outcomes: [[1, "ok"]] });
    click();
    await settle();
    expect([asked, env.requests, screen.busy, screen.errors]).toEqual([1, [], true, []]);
    env.clock.pass(1000);
    await settle();
    env.clock.pass(1000);
    await settle();
    expect([env.requests.length, client.store.get("out", "children"), screen.busy]).toEqual([
      1,
      "done",
      false,
    ]);
  });

  it("that still waits for what makes it can be cancelled, and is not asked for any more", async () => {
    let asked = 0;
    env.late = () => {
      asked++;
      return Promise.reject(new TypeError("network"));
    };
    click();
    await settle();
    screen.emit("stop", { n_clicks: 1 });
    expect(screen.busy).toBe(false);
    asked = 0;
    env.clock.pass(500);
    await settle();
    env.clock.pass(5000);
    await settle();
    expect([env.requests, asked]).toEqual([[], 1]);
  });

  it("never overwrites what a newer one has brought", async () => {
    const answers: ((response: Response) => void)[] = [];
    env.answer = () => new Promise((done) => answers.push(done));
    const ends: unknown[] = [];
    client.call("cb", ["a"], [], ({ how }) => ends.push(`a ${how}`));
    client.call("cb", ["ab"], [], ({ how }) => ends.push(`ab ${how}`));
    await settle();
    const changes = (text: string) => [
      ["set", "out", "children", text],
      ["set", "bar", "title", text],
    ];
    answers[1]?.(await reply({ changes: changes("ab"), outcomes: [[2, "ok"]] })());
    await settle();
    answers[0]?.(await reply({ changes: changes("a"), outcomes: [[1, "ok"]] })());
    await settle();
    expect(ends).toEqual(["ab ok", "a superseded"]);
    expect([client.store.get("out", "children"), client.store.get("bar", "title")]).toEqual(["ab", "a"]);
    expect([screen.busy, screen.errors]).toEqual([false, []]);
  });

  it("is aborted by cancel=, and its answer is nothing any more", async () => {
    let signal: AbortSignal | undefined;
    env.answer = async (_url, init) => {
      signal = init?.signal as AbortSignal;
      return reply({ changes: [["set", "out", "children", "late"]], outcomes: [[1, "ok"]] })();
    };
    click();
    screen.emit("stop", { n_clicks: 1 });
    await settle();
    await settle();
    expect([signal?.aborted, client.store.get("out", "children"), screen.busy]).toEqual([true, null, false]);
  });

  it("does not take away what was typed since it began", async () => {
    const changes = [["set", "field", "value", "server's"]];
    env.answer = reply({ changes, outcomes: [[1, "ok"]] });
    screen.focus = "field";
    screen.emit("field", { value: "before" });
    click();
    await settle();
    await settle();
    expect(client.store.get("field", "value")).toBe("server's");
    env.answer = reply({ changes, outcomes: [[2, "ok"]] });
    click(2);
    screen.emit("field", { value: "after" });
    await settle();
    await settle();
    expect(client.store.get("field", "value")).toBe("after");
  });

  it("ends when the page is left", async () => {
    env.answer = () => new Promise(() => {});
    click();
    client.hide();
    expect(screen.busy).toBe(false);
  });
});
