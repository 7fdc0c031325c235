/**
 * `connect.d.ts`: what tsc says of `connect()` and of the types that are published with it, in one file. The types of
 * the wire that these name are taken along; nothing else of the client is.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = fileURLToPath(new URL(".", import.meta.url));
const HEAD = "/* The types of connect.js. Made from client_js/src by build.mjs: do not edit. */\n\n";
const OPTIONS =
  "--declaration --emitDeclarationOnly --strict --target es2023 --module esnext --rewriteRelativeImportExtensions";

export async function declarations() {
  const folder = await mkdtemp(join(tmpdir(), "wscb-"));
  try {
    const tsc = join(here, "node_modules/.bin/tsc");
    const more = ["--moduleResolution", "bundler", "--skipLibCheck", "--ignoreConfig", "--outDir", folder];
    const run = promisify(execFile);
    await run(tsc, [join(here, "src/connect.ts"), ...OPTIONS.split(" "), ...more], { cwd: here });
    const read = (name) => readFile(join(folder, `${name}.d.ts`), "utf8");
    const [api, connect, wire] = await Promise.all(["api", "connect", "protocol.gen"].map(read));
    const named = /^import type \{ (.*) \} from "\.\/protocol\.gen";$/m.exec(api)[1].split(", ");
    return HEAD + [...named.map((name) => declared(wire, name)), own(api), own(connect)].join("\n");
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The text without what it takes from other files and gives on from them. */
const own = (text) =>
  text
    .replace(/^(import|export type (\*|\{[^}]*\}))[^;]*;\n/gm, "")
    .replace(/^\/\*\*[^/]*\*\/\n(?=\/\*\*)/, "");

/** One declaration of a text, with the comment above it. */
function declared(text, name) {
  const found = new RegExp(
    `(/\\*\\*(?:(?!\\*/)[^])*\\*/\\n)?export (?:interface ${name} \\{[^}]*\\}|type ${name} =[^;]*;)\\n`,
  ).exec(text);
  if (!found) throw new Error(`${name} is declared nowhere.`);
  return found[0];
}
