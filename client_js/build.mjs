/**
 * Builds the page's bundle into `wscb/static/`: ES modules and styles, minified, and the types of `connect.js`; the same
 * bytes for the same sources.
 * `node build.mjs OUTDIR` builds elsewhere, for the check that what is committed is up to date.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { minify } from "terser";
import { declarations } from "./declarations.mjs";

const here = new URL(".", import.meta.url);

/** The modules of `dcc`; which type is in which, `dcc.ts` says. */
const families = [
  "clipboard",
  "confirm",
  "dates",
  "files",
  "graph",
  "interval",
  "loading",
  "markdown",
  "navigation",
  "range",
  "tabs",
  "tooltip",
];

const outdir = process.argv[2] ?? fileURLToPath(new URL("../wscb/static", here));

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(here),
  entryPoints: [
    { in: "src/index.ts", out: "wscb" },
    { in: "src/connect.ts", out: "connect" },
    { in: "src/late.ts", out: "late" },
    { in: "src/patch.ts", out: "patch" },
    { in: "src/dom/problems.ts", out: "problems" },
    { in: "src/patterns_entry.ts", out: "patterns" },
    { in: "src/clientside_entry.ts", out: "clientside" },
    { in: "src/arrivals_entry.ts", out: "arrivals" },
    { in: "src/dom/extra.ts", out: "extra" },
    { in: "src/dom/debug.ts", out: "debug" },
    { in: "src/dom/chart.ts", out: "chart" },
    { in: "src/dom/dcc.ts", out: "dcc" },
    ...families.map((name) => ({ in: `src/dom/dcc/${name}.ts`, out: name })),
    { in: "src/dom/wscb.css", out: "wscb" },
    { in: "src/dom/chart.css", out: "chart" },
    { in: "src/dom/dcc.css", out: "dcc" },
    { in: "src/favicon.svg", out: "favicon" },
  ],
  loader: { ".svg": "copy" },
  outdir,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2023",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  write: false,
});

/** What it takes off esbuild's output is 4 % after gzip. Nothing here is called with `new` but classes. */
const compress = { passes: 6, keep_fargs: false, sequences: false, unsafe_arrows: true };
const terser = { module: true, ecma: 2020, compress };

for (const { path, text, contents } of outputFiles) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, path.endsWith(".js") ? (await minify(text, terser)).code : contents);
}

await writeFile(join(outdir, "connect.d.ts"), await declarations());
