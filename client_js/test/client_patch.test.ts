import { beforeEach, describe, expect, it } from "vitest";
import { encode } from "../src/codec";
import { apply } from "../src/patch";
import type { Change } from "../src/types";
import { click, client, delta, env, follow, open, screen, spec, state } from "./client";
import { settle } from "./clock";

describe("operations, whose module is loaded when the first comes", () => {
  const append = (text: string): Change => ["op", "out", "children", ["add", [], text]];
  const title = (text: string): Change => ["set", "out", "title", text];
  let arrive: () => void;
  let fail: () => void;
  let asked: number;

  beforeEach(() => {
    open([spec("plain", "run.n_clicks", "out.children", { socket: false })]);
    asked = 0;
    env.patch = () => {
      asked++;
      return new Promise((done, failed) => {
        arrive = () => done({ apply });
        fail = () => failed(new TypeError("network"));
      });
    };
    env.link.welcome();
  });

  it("are awaited, and nothing overtakes them", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    delta({ changes: [append("b")] });
    delta({ changes: [["set", "out", "title", "later"], append("c")] });
    env.link.say({ type: "get_prop", id: 1, component: "out", prop: "children", at: 3, left: 100 });
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title")]).toEqual(["a", undefined]);
    expect(env.link.last("prop_value")).toBeUndefined();
    arrive();
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title"), asked]).toEqual([
      "abc",
      "later",
      1,
    ]);
    expect(env.link.last("prop_value")).toMatchObject({ value: "abc" });
    delta({ changes: [append("d")] });
    expect(client.store.get("out", "children")).toBe("abcd");
  });

  it("come again over another link when it cannot be loaded, and none is lost", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    delta({ changes: [append("b"), title("x")] });
    delta({ changes: [append("c")] });
    fail();
    await settle();
    expect([client.store.get("out", "children"), state()]).toEqual(["a", "waiting"]);
    env.clock.pass(500);
    env.link.welcome({ mode: "resumed" });
    expect([env.link.last("hello").have, env.link.last("problem")]).toEqual([1, undefined]);
    follow(1);
    delta({ changes: [append("b"), title("x")] });
    delta({ changes: [append("c")] });
    arrive();
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title"), asked]).toEqual([
      "abc",
      "x",
      2,
    ]);
  });

  it("are problems when it cannot be loaded and the link has ended meanwhile; the rest is applied", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    env.answer = async () => {
      const outcomes = [[1, "ok"]];
      const answer = { type: "delta", to: 0, cq: 0, changes: [append("b"), title("x")], outcomes };
      return new Response(encode(answer) as BlobPart, {
        headers: { "content-type": "application/x-msgpack" },
      });
    };
    env.link.drop(4501);
    click();
    await settle();
    fail();
    await settle();
    expect([client.store.get("out", "children"), client.store.get("out", "title")]).toEqual(["a", "x"]);
    expect(screen.errors).toMatchObject([{ code: "invalid_patch", component: "out" }]);
  });

  it("are not applied twice when the connection is lost meanwhile", async () => {
    delta({ changes: [["set", "out", "children", "a"]] });
    delta({ changes: [append("b")] });
    env.link.drop();
    client.online(true);
    env.link.welcome({ mode: "resumed" });
    expect(env.link.last("hello")).toMatchObject({ have: 1 });
    follow(1);
    delta({ changes: [append("b")] });
    arrive();
    await settle();
    expect(client.store.get("out", "children")).toBe("ab");
  });

  it("may come over HTTP too", async () => {
    env.answer = async () =>
      new Response(
        encode({ type: "delta", to: 0, cq: 0, changes: [append("b")], outcomes: [[1, "ok"]] }) as BlobPart,
        { headers: { "content-type": "application/x-msgpack" } },
      );
    client.set("out", { children: "a" });
    click();
    await settle();
    expect([client.store.get("out", "children"), screen.busy]).toEqual(["a", true]);
    arrive();
    await settle();
    expect([client.store.get("out", "children"), screen.busy]).toEqual(["ab", false]);
  });
});
