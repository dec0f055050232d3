/** How the page words times and numbers of devices. */

const LANGUAGE = document.documentElement.lang;
const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" });
const EXACT = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "long", timeStyle: "medium" });
const DATE = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: "medium", timeStyle: "short" });
const CLOCK = new Intl.DateTimeFormat(LANGUAGE, { timeStyle: "short" });

const UNKNOWN = "unknown";

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
 * Return a time in words and to the minute, such as "3 days ago (Nov 23, 2026, 5:49 PM)".
 *
 * @param {string | null} time RFC 3339.
 */
export function inWordsAndExactly(time) {
  const moment = Date.parse(time ?? "");
  return Number.isNaN(moment) ? UNKNOWN : `${inWords(time)} (${DATE.format(moment)})`;
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

/**
 * Return the time of day after a number of seconds from now, in the viewer's time zone, such as "6:49 PM".
 *
 * @param {number} seconds
 */
export const clockIn = (seconds) => CLOCK.format(Date.now() + seconds * 1000);

/**
 * Return how many devices there are, such as "1 device" or "65 devices".
 *
 * @param {number} number
 */
export const devices = (number) => (number === 1 ? "1 device" : `${number} devices`);
