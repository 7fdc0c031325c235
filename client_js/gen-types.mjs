// Writes src/protocol.gen.ts from the server's models: `node gen-types.mjs`, with `--check` it fails when the file is
// not what it writes. Needs a `python` that has wscb: $PYTHON, the project's .venv, or the one on the path.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = fileURLToPath(new URL("src/protocol.gen.ts", import.meta.url));
const ours = `${root}.venv/bin/python`;
const python = process.env.PYTHON ?? (existsSync(ours) ? ours : "python");

const BANNER =
  "/* The messages of wscb.v1. Generated from wscb/protocol/messages.py by gen-types.mjs: do not edit. */";

/** The schema as json-schema-to-typescript takes it: tuples in the older form, no names for single fields. */
function adapted(node, isProperty = false) {
  if (Array.isArray(node)) return node.map((item) => adapted(item));
  if (typeof node !== "object" || node === null) return node;
  const { title, prefixItems, maxItems, discriminator, ...rest } = node;
  const binary = node["x-binary"] ? { tsType: "Uint8Array" } : {};
  const tuple = prefixItems ? { items: adapted(prefixItems), additionalItems: false, maxItems } : {};
  const named = title && !isProperty ? { title } : {};
  const kept = Object.entries(rest).map(([key, value]) => [
    key,
    key === "properties" || key === "$defs" ? each(value, key === "properties") : adapted(value),
  ]);
  return { ...Object.fromEntries(kept), ...named, ...tuple, ...binary };
}

function each(schemas, areProperties) {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, one]) => [name, adapted(one, areProperties)]),
  );
}

const printed = execFileSync(python, ["-m", "wscb.protocol.schema"], { cwd: root, encoding: "utf8" });
const schema = adapted(JSON.parse(printed));
delete schema.title;
const compiled = await compile(schema, "Protocol", {
  additionalProperties: false,
  bannerComment: BANNER,
  unreachableDefinitions: true,
  style: { printWidth: 110 },
});
const text = compiled
  .replace(/\/\*\*[^/]*?\*\/\nexport interface Protocol \{[^}]*\}\n/, "") // of the document itself, which is no message
  .replace(/\/\*\*\n \* This interface was referenced [^/]*\*\/\n/g, "")
  .replace(/ \*\n \* This interface was referenced [^/]*\*\//g, " */");
const current = existsSync(target) ? readFileSync(target, "utf8") : "";
if (current === text) process.exit(0);
if (process.argv.includes("--check")) {
  console.error(
    "client_js/src/protocol.gen.ts is not what wscb/protocol/messages.py says: run node client_js/gen-types.mjs",
  );
  process.exit(1);
}
writeFileSync(target, text);
console.log("wrote client_js/src/protocol.gen.ts");
