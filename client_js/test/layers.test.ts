/** Imports go down only, and two names of the browser have one home each. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const src = new URL("../src/", import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

/** What a file stands on; each floor may import from its own and from those before it. */
const FLOORS: RegExp[] = [
  /^protocol\.gen$/,
  /^(api|types|effects)$/,
  /^(codec|patch|backoff)$/,
  /^(transport|session|graph|store)$/,
  /^(http|probe|connection|patterns|arrivals|persistence|searched)$/,
  /^(clientside|operations)$/,
  /^client$/,
  /^dom\//,
  /^(late|browser|headless|elsewhere|whole)$/,
  /^(index|connect|patterns_entry|clientside_entry|arrivals_entry)$/,
];

/** Pure: what they know of time, chance and the network is handed in. */
const PURE = /^(codec|patch|backoff|session|graph|patterns|clientside|store|api|types|effects)\.ts$/;

const floor = (name: string) => FLOORS.findIndex((pattern) => pattern.test(name));

function imports(file: string): string[] {
  const text = readFileSync(new URL(file, src), "utf8");
  return [...text.matchAll(/from "(\.[^"]*)"/g)].map(([, path]) =>
    new URL(path as string, new URL(file, src)).href.slice(src.href.length).replace(/\.js$/, ""),
  );
}

it.each(files)("%s imports only from below", (file) => {
  const mine = floor(file.replace(/\.ts$/, ""));
  expect(mine).toBeGreaterThanOrEqual(0);
  for (const other of imports(file)) expect(floor(other), other).toBeLessThanOrEqual(mine);
});

it("the DOM reads the store, its words and the addresses of the page, nothing else of the client", () => {
  for (const file of files.filter((name) => name.startsWith("dom/"))) {
    for (const other of imports(file)) expect(other, file).toMatch(/^(dom\/|types$|store$|patch$)/);
  }
});

it.each([
  ["WebSocket", /^transport\.ts$/],
  ["document", /^(dom\/.*|browser\.ts|index\.ts)$/],
] as const)("%s has one home", (name, home) => {
  for (const file of files.filter((other) => !home.test(other))) {
    const code = readFileSync(new URL(file, src), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(code, file).not.toMatch(new RegExp(`\\b${name}\\b`));
  }
});

it("the middle is pure", () => {
  for (const file of files.filter((name) => PURE.test(name))) {
    const code = readFileSync(new URL(file, src), "utf8");
    expect(code, file).not.toMatch(/Date\.now|Math\.random|setTimeout|fetch\(|addEventListener/);
  }
});
