import { beforeEach, expect, it, vi } from "vitest";
import { Client } from "../src/client";
import { type Headless, headless } from "../src/headless";
import type { PageData, Spec } from "../src/types";
import { FakeEnv } from "./clock";
import { div } from "./nodes";

const spec: Spec = {
  id: "cb",
  inputs: [["run", "n_clicks"]],
  outputs: [["out", "children"]],
  state: [],
  initial: false,
  socket: true,
};
const page: PageData = {
  build: "b",
  base: "/app/",
  title: "T",
  socket: true,
  limits: { message: 10_000, calls: 8, rate: 100 },
  layout: [div("run"), div("out")],
  callbacks: [spec],
};

let env: FakeEnv;
let client: Headless;

beforeEach(() => {
  env = new FakeEnv();
  client = headless(
    { ...page, layout: [div("run"), div("out")] },
    (data, mount) => new Client(data, env, mount),
  );
  env.link.welcome();
});

it("set triggers, subscribe tells, get reads", () => {
  const seen: string[] = [];
  const leave = client.subscribe((commit) => seen.push(...commit.changed.keys()));
  client.set("run", { n_clicks: 3 });
  leave();
  client.set("run", { n_clicks: 4 });
  expect([seen, client.get("run", "n_clicks")]).toEqual([["run"], 4]);
  expect(env.link.last("invoke")).toMatchObject({ inputs: [4] });
});

it("call resolves with the outcome", async () => {
  const call = client.call("cb", ["direct"]);
  expect(env.link.last("invoke")).toMatchObject({ inputs: ["direct"], trigger: [] });
  env.link.say({ type: "delta", to: 1, cq: 1, outcomes: [[1, "ok"]] });
  expect(await call).toMatchObject({ id: 1, how: "ok" });
  expect(() => client.call("nobody")).toThrow(/nobody/);
});

it("the connection's state is told to who watches", () => {
  const watched: string[] = [];
  const leave = client.watch(({ state }) => watched.push(state));
  env.link.drop();
  leave();
  client.destroy();
  expect([watched, client.state, env.link.closed]).toEqual([["waiting"], "waiting", true]);
});

it("an error goes to the console", () => {
  const logged = vi.spyOn(console, "error").mockReturnValue();
  void client.call("cb");
  env.link.say({ type: "delta", to: 1, cq: 1, outcomes: [[1, "error", { ref: "r1" }]] });
  expect(logged).toHaveBeenCalledWith("wscb:", expect.objectContaining({ ref: "r1" }));
});
