/** The name of a device in words, from what sign-in libraries and apps write as the name. */

import { parseClientHints } from "./device-client-hints.js";
import { appleModel, describeModel, kindOfWords } from "./device-models.js";
import { parseUserAgent } from "./device-user-agent.js";

/** @typedef {import("./device-models.js").Facts} Facts */
/** @typedef {import("./device-models.js").Kind} Kind */

/**
 * @typedef {object} DeviceName
 * @property {string} name Plain text, never empty. It may contain any characters, so insert it as text, never as HTML.
 * @property {Kind} kind What kind of device it is, such as for an icon.
 * @property {string} detail What else is known, such as "Chrome 121, macOS 14.2.1": it tells two devices of one name
 *   apart. Empty if nothing else is known.
 */

/**
 * What clients write that has no browser. react-native and nodejs are amazon-cognito-identity-js; Dart-device is
 * amazon-cognito-identity-dart-2; Node.js/24 is Amplify 6, whose navigator.userAgent comes from the runtime.
 *
 * @type {[RegExp, string, Kind][]}
 */
const PROGRAMS = [
  [/^(?:Dart-device$|Dart\/)/, "Flutter app", "unknown"],
  [/^react-native$/, "React Native app", "mobile"],
  [/^(?:nodejs$|Node\.js\/|node-fetch\/)/, "Node.js program", "unknown"],
  [/^Deno\//, "Deno program", "unknown"],
  [/^Bun\//, "Bun program", "unknown"],
  [/^(?:python-|Python[-/]|aiohttp\/|Boto3\/|Botocore\/)/, "Python program", "unknown"],
  [/^okhttp\//, "Android app", "mobile"],
  [/ CFNetwork\/\S+ Darwin\//, "App on an Apple device", "unknown"],
];

/** Longer user agents exist, but what matters is at their beginning. It also limits the time that parsing takes. */
const PARSED_LENGTH = 512;

/**
 * Return a device's name in words.
 *
 * Recognizes user agents, the client hints of Amplify, and the models that apps on Android and iOS write. A name that
 * a person or an app has chosen stays as it is. A device without a name is an "Unnamed device".
 *
 * @param {{ name: string | null }} device
 * @returns {DeviceName}
 */
export function deviceName({ name }) {
  const text = (name ?? "").trim();
  if (!text) return { name: "Unnamed device", kind: "unknown", detail: "" };
  const parsed = text.slice(0, PARSED_LENGTH);
  const facts = parseClientHints(parsed) ?? parseUserAgent(parsed);
  if (facts) return fromFacts(facts);
  const program = PROGRAMS.find(([pattern]) => pattern.test(parsed));
  if (program) return { name: program[1], kind: program[2], detail: "" };
  const apple = appleModel(parsed);
  if (apple) return { ...apple, detail: text };
  return { detail: "", ...(describeModel(text) ?? { name: text, kind: kindOfWords(parsed) }) };
}

/**
 * @param {Facts} facts
 * @returns {DeviceName}
 */
function fromFacts({ browser, version, os, osVersion, model, kind }) {
  const described = describeModel(model);
  const place = described?.name ?? os;
  const details = [
    version && `${browser} ${shorten(version)}`,
    osVersion && `${os} ${osVersion.replace(/(?:\.0+)+$/, "")}`,
    described ? "" : model,
  ];
  return {
    name: [browser, place].filter(Boolean).join(" on "),
    kind: described?.kind === "tablet" ? "tablet" : kind,
    detail: details.filter(Boolean).join(", "),
  };
}

/**
 * Return a version without the parts that nobody knows: "121.0.6167.85" is 121, and "17.2.1" is 17.2.
 *
 * @param {string} version
 */
function shorten(version) {
  return version.split(".").slice(0, 2).join(".").replace(/\.0+$/, "");
}
