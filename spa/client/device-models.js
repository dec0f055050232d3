/** Models of phones and tablets, and what the words of a chosen name say about its device. */

/** @typedef {"desktop" | "mobile" | "tablet" | "unknown"} Kind */
/** @typedef {{ name: string, kind: Kind }} Described */

/**
 * What a client wrote about a browser or an app. Text is empty where the client wrote nothing.
 *
 * @typedef {object} Facts
 * @property {string} browser The browser, or the app that contains one.
 * @property {string} version
 * @property {string} os
 * @property {string} osVersion
 * @property {string} model
 * @property {Kind} kind
 */

/**
 * Codes that makers use for their Android models. A code says little to a person, its maker says more.
 *
 * @type {[RegExp, string][]}
 */
const MAKERS = [
  [/^SM-[A-Z]\d\w+$/, "Samsung"],
  [/^CPH\d{4}$/, "OPPO"],
  [/^RMX\d{4}$/, "realme"],
  [/^XQ-[A-Z]{2}\d\d$/, "Sony"],
  [/^LM-[A-Z]\d\w+$/, "LG"],
  [/^XT\d{4}(?:-\w+)?$/, "Motorola"],
  [/^(?:M\d{4}[A-Z]\w+|2\d(?:0\d|1[0-2])[\dA-Z]{3,7}[A-Z])$/, "Xiaomi"],
  [/^KF[A-Z]{3,}$/, "Amazon Fire"],
];

const SIMULATED = /^(?:sdk_g?phone|Android SDK built for|google_sdk$)/;
const PHONES = /^(?:iPhone$|iPod$|Pixel \d|Nexus \d|Galaxy [ASZ]|moto |motorola |Redmi |POCO |Mi \d|OnePlus |ONEPLUS |Nokia |HUAWEI |HONOR |vivo |OPPO )/;
const TABLETS = /^(?:iPad$|SM-[TXP]\d|KF[A-Z]{3,}$|Pixel (?:Tablet|C$)|Nexus (?:7|9|10)$|Galaxy Tab|Lenovo (?:TB|Tab))/;

/** Apple's identifiers of models, and their families in words. */
const APPLE = /^(iPhone|iPad|iPod|iMac|Mac(?:BookPro|BookAir|Book|mini|Pro)?|Watch|AppleTV)\d+,\d+$/;

/** @type {Record<string, Described>} */
const FAMILIES = {
  iPhone: { name: "iPhone", kind: "mobile" },
  iPad: { name: "iPad", kind: "tablet" },
  iPod: { name: "iPod touch", kind: "mobile" },
  iMac: { name: "iMac", kind: "desktop" },
  Mac: { name: "Mac", kind: "desktop" },
  MacBook: { name: "MacBook", kind: "desktop" },
  MacBookPro: { name: "MacBook Pro", kind: "desktop" },
  MacBookAir: { name: "MacBook Air", kind: "desktop" },
  Macmini: { name: "Mac mini", kind: "desktop" },
  MacPro: { name: "Mac Pro", kind: "desktop" },
  Watch: { name: "Apple Watch", kind: "unknown" },
  AppleTV: { name: "Apple TV", kind: "unknown" },
};

/** @type {[RegExp, Kind][]} */
const WORDS = [
  [/\b(?:iPad|tablet)/i, "tablet"],
  [/iPhone|\biPod\b|\bAndroid\b|phone\b|📱/i, "mobile"],
  [/\bi?Mac(?:Book|OS)?\b|\b(?:Windows|Linux|Chrome ?OS|Chromebook|PC|laptop|desktop|computer)\b|[💻🖥]/iu, "desktop"],
];

/**
 * Return the family of Apple's identifier of a model, such as iPhone15,2, or null.
 *
 * @param {string} model
 * @returns {Described | null}
 */
export function appleModel(model) {
  return FAMILIES[APPLE.exec(model)?.[1] ?? ""] ?? null;
}

/**
 * Return an Android model in words, or null if only experts know it.
 *
 * @param {string} model What Build.MODEL says, such as "Pixel 8" and "SM-S918B".
 * @returns {Described | null}
 */
export function describeModel(model) {
  if (SIMULATED.test(model)) return { name: "Android emulator", kind: "mobile" };
  const kind = TABLETS.test(model) ? "tablet" : "mobile";
  const maker = MAKERS.find(([pattern]) => pattern.test(model));
  if (maker) return { name: `${maker[1]} ${model}`, kind };
  return kind === "tablet" || PHONES.test(model) ? { name: model, kind } : null;
}

/**
 * Return the kind that a chosen name suggests, such as "Dana's iPhone".
 *
 * @param {string} name
 */
export function kindOfWords(name) {
  return WORDS.find(([pattern]) => pattern.test(name))?.[1] ?? "unknown";
}
