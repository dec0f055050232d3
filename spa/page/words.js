/** What the facts about a device are called. */

// @ts-expect-error -- a page names the file, the package's types the package
import Bowser from "./node_modules/bowser/bowser.mjs";

/** @typedef {import("../client/devices-client.js").Device} Device */

const parse = /** @type {typeof import("bowser").parse} */ (Bowser.parse);
const LANGUAGE = document.documentElement.lang;
const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const EXACT = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeStyle: "medium" });

const UNKNOWN = "unknown";
const KINDS = new Set(["desktop", "mobile", "tablet"]);

/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const UNITS = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/**
 * Returns what to call a device. Libraries for pages name a device after navigator.userAgent, which nobody can read.
 *
 * @param {Device} device
 * @returns {{ name: string, kind: string }} `kind` is an id in icons.svg.
 */
export function describe({ name }) {
  if (name === null) return { name: "Unnamed device", kind: "unknown" };
  if (!name.startsWith("Mozilla/5.0 ")) return { name, kind: "unknown" };
  const { browser, os, platform: { type = "" } } = parse(name);
  if (!browser.name || !os.name) return { name, kind: "unknown" };
  return { name: `${browser.name} on ${os.name}`, kind: KINDS.has(type) ? type : "unknown" };
}

/**
 * Returns a time in words, such as "3 days ago".
 *
 * @param {string | null} time RFC 3339.
 */
export function inWords(time) {
  // Cognito gives some times in whole seconds alone: without this, a new device was seen before it was there.
  const seconds = Date.now() / 1000 - Math.floor(Date.parse(time ?? "") / 1000);
  if (Number.isNaN(seconds)) return UNKNOWN;
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? ["second", Infinity];
  return RELATIVE.format(-Math.floor(seconds / length) || 0, unit);
}

/**
 * Returns a time to the second, in the viewer's time zone.
 *
 * @param {string | null} time RFC 3339.
 */
export function exactly(time) {
  const moment = Date.parse(time ?? "");
  return Number.isNaN(moment) ? UNKNOWN : EXACT.format(moment);
}

/**
 * Shows a time in words, with the exact time at hand.
 *
 * @param {HTMLTimeElement} element
 * @param {string | null} time
 * @param {(time: string | null) => string} [format]
 */
export function showTime(element, time, format = inWords) {
  element.textContent = format(time);
  element.dateTime = time ?? "";
  element.title = exactly(time);
}
