/**
 * Write the npm package of the client into a new folder: `node spa/package.mjs FOLDER`.
 *
 * index.js is the client. device-name.js contains bowser, so that a page without a bundler can load it, and is a file of
 * its own, so that bundlers leave it out if an app does not use it.
 */

import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { BROWSERS } from "./browsers.mjs";

const SPA = fileURLToPath(new URL(".", import.meta.url));
const [, , target] = process.argv;
// The current folder has files of the same names.
if (!target) throw new Error("Name the folder to write to: node spa/package.mjs FOLDER");
const folder = resolve(target);

/** @type {import("esbuild").BuildOptions} */
const options = {
  absWorkingDir: `${SPA}client`,
  bundle: true,
  format: "esm",
  // webpack drops a comment at the end of a file, and with it bowser's copyright.
  legalComments: "inline",
  logLevel: "warning",
  outdir: folder,
  platform: "neutral",
  target: BROWSERS,
};
await build({ ...options, entryPoints: ["index.js"], external: ["./device-name.js"] });
await build({ ...options, entryPoints: ["device-name.js"] });

const tsc = `${SPA}node_modules/typescript/bin/tsc`;
const emit = ["--noEmit", "false", "--emitDeclarationOnly", "--outDir", folder];
execFileSync(process.execPath, [tsc, "--project", `${SPA}client`, ...emit], { stdio: ["ignore", 2, 2] });

const { private: _, ...manifest } = JSON.parse(readFileSync(`${SPA}client/package.json`, "utf8"));
// npm compares it with the repository whose workflow publishes the package.
const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
if (name) manifest.repository = { type: "git", url: `git+${server}/${name}.git`, directory: "spa/client" };
writeFileSync(`${folder}/package.json`, `${JSON.stringify(manifest, null, 2)}\n`);

for (const [from, to] of [
  ["client/api.d.ts", "api.d.ts"],
  ["client/README.md", "README.md"],
  ["../LICENSE", "LICENSE"],
  ["node_modules/bowser/LICENSE", "LICENSE-bowser"],
]) {
  copyFileSync(`${SPA}${from}`, `${folder}/${to}`);
}
