/** Names a device in words that its owner knows. */

import Bowser from "bowser";

/** @typedef {"desktop" | "mobile" | "tablet" | "unknown"} Kind */

const KINDS = new Set(["desktop", "mobile", "tablet"]);

/**
 * Return a device's name in words. Sign-in libraries name it after navigator.userAgent, which is hard to read.
 *
 * @param {{ name: string | null }} device
 * @returns {{ name: string, kind: Kind }}
 */
export function deviceName({ name }) {
  if (name === null) return { name: "Unnamed device", kind: "unknown" };
  if (!name.startsWith("Mozilla/5.0 ")) return { name, kind: "unknown" };
  const { browser, os, platform: { type = "" } } = Bowser.parse(name);
  if (!browser.name || !os.name) return { name, kind: "unknown" };
  return { name: `${browser.name} on ${os.name}`, kind: KINDS.has(type) ? /** @type {Kind} */ (type) : "unknown" };
}
