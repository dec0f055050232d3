/** Parses what Amplify 6 writes in Chromium: the client hints of navigator.userAgentData. */

/** @typedef {import("./device-models.js").Facts} Facts */
/** @typedef {import("./device-models.js").Kind} Kind */

/** @type {{ os: string, kind: Kind }} */
const UNKNOWN = { os: "", kind: "unknown" };

const NO_BRAND = { browser: "Browser", version: "" };

/**
 * The platforms of browsers (WICG, User-Agent Client Hints, Sec-CH-UA-Platform). Chromium called macOS Mac OS X once.
 *
 * @type {Record<string, { os: string, kind: Kind }>}
 */
const PLATFORMS = {
  Android: { os: "Android", kind: "mobile" },
  "Chrome OS": { os: "Chrome OS", kind: "desktop" },
  "Chromium OS": { os: "Chrome OS", kind: "desktop" },
  Fuchsia: { os: "Fuchsia", kind: "unknown" },
  HarmonyOS: { os: "HarmonyOS", kind: "mobile" },
  Linux: { os: "Linux", kind: "desktop" },
  "Mac OS X": { os: "macOS", kind: "desktop" },
  Unknown: UNKNOWN,
  Windows: { os: "Windows", kind: "desktop" },
  iOS: { os: "iOS", kind: "mobile" },
  macOS: { os: "macOS", kind: "desktop" },
};

/**
 * Amplify joins platform, version, architecture, model, again platform, and brands with spaces, and leaves out what is
 * empty: `macOS 14.2.1 arm macOS Not A(Brand/99.0.0.0;Google Chrome/121.0.6167.85;Chromium/121.0.6167.85`.
 */
const HINTS = new RegExp(
  `^(${Object.keys(PLATFORMS).join("|")})(?: ([\\d.]+))?(?: (x86|arm))?(?: (.+?))?? \\1(?: (.+))?$`,
  "s",
);

/** The same from a browser that hides its platform. */
const HIDDEN_PLATFORM = /^()(?:[\d.]+ )?()(x86 |arm )?()((?:.*;)?Chromium\/[\d.]+(?:;.*)?)$/s;

/** Brands of browsers within an app. */
const APPS = new Set(["Android WebView", "Microsoft Edge WebView2"]);

/** Brands whose browsers people know by another name. */
const BRANDS = new Map([
  ["Google Chrome", "Chrome"],
  ["HeadlessChrome", "Chrome"],
  ["YaBrowser", "Yandex Browser"],
  ["HuaweiBrowser", "Huawei Browser"],
]);

/** A browser also lists the brands that it is compatible with, so these count less than others, the last the least. */
const COMMON = ["Chrome", "Chromium"];

const FIRST_VERSION_OF_WINDOWS_11 = 13;

/**
 * Return what client hints say, or null if the name is something else.
 *
 * @param {string} name
 * @returns {Facts | null}
 */
export function parseClientHints(name) {
  const found = HINTS.exec(name) ?? HIDDEN_PLATFORM.exec(name);
  if (!found) return null;
  const [, platform = "", version = "", architecture = "", model = "", list = ""] = found;
  const brands = parseBrands(list);
  // A person can choose a name like "Windows Windows".
  if (!brands.length && !version && !architecture) return null;
  const { os, kind } = PLATFORMS[platform] ?? UNKNOWN;
  const best = brands.reduce((one, other) => (rank(other) > rank(one) ? other : one), brands[0] ?? NO_BRAND);
  return { ...best, os, osVersion: os === "Windows" ? windowsVersion(version) : version, model, kind };
}

/**
 * Return the brands and their versions, without those that browsers add to confuse parsers (GREASE), such as
 * "Not)A;Brand". These contain any punctuation, also the one that separates brands.
 *
 * @param {string} list
 */
function parseBrands(list) {
  return list.split(";").flatMap((part) => {
    const [, brand = "", version = ""] = /^(\w[\w .+-]*)\/([\d.]*)$/.exec(part) ?? [];
    if (!brand || /Brand$/.test(brand)) return [];
    return APPS.has(brand) ? [{ browser: "App", version: "" }] : [{ browser: BRANDS.get(brand) ?? brand, version }];
  });
}

/** @param {{ browser: string }} brand */
function rank({ browser }) {
  return browser === "App" ? Infinity : -COMMON.indexOf(browser);
}

/**
 * Return the version of Windows that people know (Microsoft: "Detect Windows 11 using User-Agent Client Hints").
 *
 * @param {string} version Of the hint: 1 to 10 for Windows 10, 13 and above for Windows 11.
 */
function windowsVersion(version) {
  const major = parseInt(version, 10);
  if (!(major > 0)) return "";
  return major < FIRST_VERSION_OF_WINDOWS_11 ? "10" : "11";
}
