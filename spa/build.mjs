/**
 * Bundle the page into spa/dist: index.html, and assets whose names contain the hash of their content.
 *
 * A host can cache everything below assets/ for ever. index.html and config.json, which the deployment adds, it cannot.
 */

import { chmod, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { BROWSERS } from "./browsers.mjs";

const SPA = fileURLToPath(new URL(".", import.meta.url));
const PAGE = `${SPA}page/`;
const DIST = `${SPA}dist`;

/** What index.html loads. */
const LOADED = ["app.js", "styles.css", "favicon.svg"];

// A page that a developer has open keeps its files until the new ones are complete.
const made = await mkdtemp(`${SPA}dist.`);
try {
  const { metafile } = await build({
    absWorkingDir: PAGE,
    entryPoints: LOADED,
    outdir: made,
    entryNames: "assets/[name]-[hash]",
    bundle: true,
    format: "esm",
    loader: { ".svg": "copy" },
    logLevel: "warning",
    metafile: true,
    minify: true,
    target: BROWSERS,
  });
  const names = new Map(
    Object.entries(metafile.outputs).map(([path, { entryPoint }]) => [entryPoint, path.slice(path.lastIndexOf("assets/"))]),
  );
  const html = await readFile(`${PAGE}index.html`, "utf8");
  await writeFile(`${made}/index.html`, LOADED.reduce((text, name) => withName(text, name, names.get(name)), html));
  await chmod(made, 0o755); // a host's user must read it
  await rm(DIST, { recursive: true, force: true });
  await rename(made, DIST);
} catch (error) {
  await rm(made, { recursive: true, force: true });
  throw error;
}

/**
 * @param {string} html
 * @param {string} name As in the source of index.html.
 * @param {string | undefined} hashed
 */
function withName(html, name, hashed) {
  const text = html.replace(`"${name}"`, () => `"${hashed}"`);
  if (hashed === undefined || text === html) throw new Error(`index.html does not load ${name}, or it was not built.`);
  return text;
}
