/**
 * Builds the page's bundle into `wscb/static/`: ES modules and styles, minified, the same bytes for the same sources.
 * `node build.mjs OUTDIR` builds elsewhere, for the check that what is committed is up to date.
 */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);

await build({
  absWorkingDir: fileURLToPath(here),
  entryPoints: [
    { in: "src/index.ts", out: "wscb" },
    { in: "src/dom/extra.ts", out: "extra" },
    { in: "src/dom/chart.ts", out: "chart" },
    { in: "src/dom/wscb.css", out: "wscb" },
    { in: "src/dom/chart.css", out: "chart" },
    { in: "src/favicon.svg", out: "favicon" },
  ],
  loader: { ".svg": "copy" },
  outdir: process.argv[2] ?? fileURLToPath(new URL("../wscb/static", here)),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
});
