/** Tests of the names of devices, with what clients of Cognito write. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { deviceName } from "../../spa/client/device-name.js";

/**
 * What clients write, and the name, the kind and the detail that a person expects.
 *
 * @type {Record<string, [string | null, string, string, string][]>}
 */
const NAMES = JSON.parse(readFileSync(new URL("device-names.json", import.meta.url), "utf8"));
const WRITTEN = Object.values(NAMES).flat().map(([written]) => written ?? "");
const KINDS = ["desktop", "mobile", "tablet", "unknown"];

for (const [client, rows] of Object.entries(NAMES)) {
  test(`names ${client}`, () => {
    for (const [written, name, kind, detail] of rows) {
      assert.deepEqual(deviceName({ name: written }), { name, kind, detail }, `${written}`);
    }
  });
}

test("two devices of one name differ in their detail", () => {
  const brands = "Not A(Brand/99.0.0.0;Google Chrome/{0};Chromium/{0}";
  const [one, other] = ["121.0.6167.85", "119.0.6045.66"].map((version) =>
    deviceName({ name: `macOS 14.2.1 arm macOS ${brands.replaceAll("{0}", version)}` }),
  );
  assert.equal(one?.name, other?.name);
  assert.notEqual(one?.detail, other?.detail);
});

test("brands have the same name in any order", () => {
  const brands = ["Not)A;Brand/8.0.0.0", "Chromium/130.0.6723.70", "Brave/130.0.6723.70"];
  for (const [a, b, c] of [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]) {
    const list = [a, b, c].map((index) => brands[index ?? 0]).join(";");
    assert.equal(deviceName({ name: `Windows 15.0.0 x86 Windows ${list}` }).name, "Brave on Windows");
  }
});

// Spellings of Chromium's source, components/embedder_support/user_agent_utils.cc, and those before 2022.
for (const brand of ["Not A;Brand", " Not A;Brand", "Not/A)Brand", "Not_A Brand", "Not;A=Brand", "(Not(A:Brand", "Not?A_Brand"]) {
  test(`ignores the brand ${brand}`, () => {
    const { name } = deviceName({ name: `Linux 6.5.0 x86 Linux Chromium/121.0.6167.85;${brand}/99.0.0.0` });
    assert.equal(name, "Chromium on Linux");
  });
}

test("the API shortens names, so each beginning of a name has a name", () => {
  for (const written of WRITTEN) {
    for (let length = 0; length <= written.length; length += 1) check(written.slice(0, length));
  }
});

test("names of a user agent that was shortened within its last words stay the same", () => {
  for (const [written, name] of NAMES["browsers within apps"] ?? []) {
    if ((written ?? "").length > 256) assert.equal(deviceName({ name: (written ?? "").slice(0, 256) }).name, name);
  }
});

test("a name of any characters is no error", () => {
  const words = WRITTEN.flatMap((written) => written.split(/(?<=[ ;/()])/));
  const random = generator(22);
  for (let round = 0; round < 5_000; round += 1) {
    const parts = Array.from({ length: random(12) }, () => words[random(words.length)]);
    const characters = Array.from({ length: random(256) }, () => String.fromCodePoint(random(0xd800)));
    check(parts.join(""));
    check(characters.join(""));
  }
});

// A pattern that needs more than linear time would exceed the time limit of the test run.
test("long names of repeated parts take no longer than others", () => {
  const starts = ["", "2", "SM-", "Mozilla/5.0 ", "Mozilla/5.0 (Linux; Android 13; ", "macOS 14 arm macOS ", "Version/", "Electron/"];
  const parts = ["a", "1", "1.", "_1", " ", "; ", ";/", "(", "/1;", "x/1 ", "Chrome/1 ", "macOS ", "Android ", "\n", "📱"];
  for (const start of starts) {
    for (const part of parts) {
      for (const end of ["", "!", " Electron/1", ")"]) {
        check(start + part.repeat(256) + end);
        check(start + part.repeat(100_000) + end);
      }
    }
  }
});

/** @param {string} written */
function check(written) {
  const { name, kind, detail } = deviceName({ name: written });
  assert.ok(name.trim(), written);
  assert.ok(KINDS.includes(kind), written);
  assert.equal(typeof detail, "string", written);
}

/**
 * Return a function that returns numbers below its argument, the same in each run.
 *
 * @param {number} seed
 */
function generator(seed) {
  let state = seed;
  return (/** @type {number} */ limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
