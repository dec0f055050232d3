/** Parses navigator.userAgent, which Amplify writes in Firefox and Safari, and its predecessor in every browser. */

import { parse } from "bowser";

import { APPS, THINGS } from "./device-apps.js";

/** @typedef {import("./device-models.js").Facts} Facts */
/** @typedef {import("./device-models.js").Kind} Kind */

/** bowser's names that people know by another one. */
const NAMES = new Map([
  ["Samsung Internet for Android", "Samsung Internet"],
  ["Miui", "Mi Browser"],
]);

/** Versions that browsers also claim on newer systems, so that they reveal less, and one that bowser takes for UC's. */
const FROZEN = new Set([
  ...["macOS 10.15", "macOS 10.15.7", "Windows 10", "Android 10", "iOS 18.6", "iOS 18.7"],
  "UC Browser 4.0",
]);

/** Only browsers on iOS say so. On an iPad they claim to be on a Mac, but for these words. */
const IPAD_AS_MAC = /^Mozilla\/5\.0 \(Macintosh;.* (?:CriOS|FxiOS|EdgiOS|OPT|Mobile)\//s;

/** What Chrome writes as the model of every Android device, as "Android 10; K". */
const REDUCED_MODEL = "K";

/** How browsers and Android apps begin, and the Facebook app, which has a form of its own. */
const USER_AGENT = /^(?:(?:Mozilla|Opera|Dalvik)\/|\[FBAN\/)/i;

/** What bowser returns for a browser that it does not know: the beginning of the user agent. */
const UNKNOWN_BROWSER = /^(?:Mozilla|Dalvik|\[FBAN)/i;

/** How robots name themselves. Internet Explorer does it, too. */
const ROBOT = /\bcompatible; (?!MSIE)([\w.-]+)/;

/** The model is the last detail of the system, before its build. */
const MODEL = /\(Linux; (?:U; )?Android [\d.]+; (?:[a-z]{2}-[A-Za-z]{2}; )?(?:HarmonyOS; )?([^;)]+?)(?: Build\/|[;)])/;

/** An app's own name, which Electron writes before that of Chrome. */
const ELECTRON = / (?:([\w.-]+)\/\S+ )?Chrome\/\S+ Electron\//;

/** @type {Set<string | undefined>} */
const KINDS = new Set(["desktop", "mobile", "tablet"]);

/**
 * Return what a user agent says, or null if the name is something else.
 *
 * @param {string} name
 * @returns {Facts | null}
 */
export function parseUserAgent(name) {
  if (!USER_AGENT.test(name)) return null;
  for (const [pattern, known] of THINGS) {
    const [part] = pattern.exec(name) ?? [];
    if (part) {
      return { browser: part.replace(pattern, known), version: "", os: "", osVersion: "", model: "", kind: "unknown" };
    }
  }
  const parsed = parse(name);
  return { ...browserOf(name, parsed.browser), ...systemOf(name, parsed) };
}

/**
 * @param {string} name
 * @param {{ name?: string, version?: string }} parsed
 */
function browserOf(name, parsed) {
  const app = APPS.find(([pattern]) => pattern.test(name))?.[1] ?? embeddingApp(name, parsed.name);
  if (app) return { browser: app, version: "" };
  if (!parsed.name || UNKNOWN_BROWSER.test(parsed.name)) return { browser: "Browser", version: "" };
  return { browser: NAMES.get(parsed.name) ?? parsed.name, version: unlessFrozen(parsed.name, parsed.version) };
}

/**
 * Return the name of the app that contains the browser, "App" if it does not tell its name, or null for a browser.
 *
 * @param {string} name
 * @param {string} [browser]
 */
function embeddingApp(name, browser) {
  const electron = ELECTRON.exec(name);
  if (electron) return electron[1] ?? "App";
  const [, robot] = ROBOT.exec(name) ?? [];
  if (robot) return robot;
  // Safari's engine names Safari in browsers only.
  const embedded = /; wv\)|^Dalvik\//.test(name) || (browser === "Safari" && !name.includes(" Safari/"));
  return embedded ? "App" : null;
}

/**
 * @param {string} name
 * @param {ReturnType<typeof parse>} parsed
 * @returns {{ os: string, osVersion: string, model: string, kind: Kind }}
 */
function systemOf(name, { os, platform }) {
  if (IPAD_AS_MAC.test(name)) return { os: "iPadOS", osVersion: "", model: "iPad", kind: "tablet" };
  const harmony = name.includes("HarmonyOS; ");
  const system = os.name ?? "";
  const version = system === "Windows" ? os.versionName : os.version;
  const model = (platform.vendor === "Apple" ? platform.model : MODEL.exec(name)?.[1]) ?? "";
  return {
    os: harmony ? "HarmonyOS" : system,
    osVersion: harmony ? "" : unlessFrozen(system, version), // it is Android's version
    model: model === REDUCED_MODEL ? "" : model,
    kind: kindOf(name, system, platform.type),
  };
}

/**
 * @param {string} what
 * @param {string} [version]
 */
function unlessFrozen(what, version = "") {
  return FROZEN.has(`${what} ${version}`) ? "" : version;
}

/**
 * @param {string} name
 * @param {string} system
 * @param {string} [type] bowser's, which takes an Android device for a tablet unless it says "Mobile".
 */
function kindOf(name, system, type) {
  if (system === "Chrome OS") return "desktop";
  if (name.startsWith("Dalvik")) return "mobile";
  return KINDS.has(type) ? /** @type {Kind} */ (type) : "unknown";
}
