/**
 * Run apps with the library that the first argument names, and call their methods:
 *
 *     node run.mjs amplify
 *
 * A line of standard input is one call: `{"on": …, "settings": …, "method": …, "args": […]}`. `on` names one device,
 * on which the app has a storage of its own. A line of standard output is its result.
 */

import { createInterface } from "node:readline";
import { Storage, call } from "./apps.mjs";

const { install } = await import(`./${process.argv[2]}.mjs`);
/** @type {Map<string, import("./apps.mjs").App>} */
const apps = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const { on, settings, method, args } = JSON.parse(line);
  const app = apps.get(on) ?? install(settings, new Storage());
  apps.set(on, app);
  process.stdout.write(`${JSON.stringify(await call(app, method, args))}\n`);
}
