/** How the page words names and times of devices. */

import Bowser from "bowser";

/** @typedef {import("../client/devices-client.js").Device} Device */

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
 * Return a device's name in words. Sign-in libraries name it after navigator.userAgent, which is hard to read.
 *
 * @param {Device} device
 * @returns {{ name: string, kind: string }} `kind` is the id of an icon in index.html.
 */
export function describe({ name }) {
  if (name === null) return { name: "Unnamed device", kind: "unknown" };
  if (!name.startsWith("Mozilla/5.0 ")) return { name, kind: "unknown" };
  const { browser, os, platform: { type = "" } } = Bowser.parse(name);
  if (!browser.name || !os.name) return { name, kind: "unknown" };
  return { name: `${browser.name} on ${os.name}`, kind: KINDS.has(type) ? type : "unknown" };
}

/**
 * Return a time in words, such as "3 days ago".
 *
 * @param {string | null} time RFC 3339.
 */
export function inWords(time) {
  // Some of Cognito's timestamps lack milliseconds. Round all down, so that a new device is not seen before it exists.
  const seconds = Date.now() / 1000 - Math.floor(Date.parse(time ?? "") / 1000);
  if (Number.isNaN(seconds)) return UNKNOWN;
  const [unit, length] = UNITS.find(([, least]) => seconds >= least) ?? ["second", Infinity];
  return RELATIVE.format(-Math.floor(seconds / length) || 0, unit);
}

/**
 * Return a time to the second, in the viewer's time zone.
 *
 * @param {string | null} time RFC 3339.
 */
export function exactly(time) {
  const moment = Date.parse(time ?? "");
  return Number.isNaN(moment) ? UNKNOWN : EXACT.format(moment);
}

/**
 * Show a time in an element, with the exact time as its tooltip.
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
