/** The dialog that asks before a device is forgotten. */

import { find } from "./dom.js";
import { describe, inWords } from "./words.js";

/** @typedef {import("../client/devices-client.js").Device} Device */

// A forgotten device cannot refresh its tokens. Its last access token is valid for at most an hour, unless the app client
// sets another time.
const THIS_DEVICE =
  "You will be signed out within an hour. With your next sign-in it comes back as a new device.";
const OTHER_DEVICE =
  "If someone is signed in on it, they will be signed out within an hour. They need your password to sign in again, and then it comes back as a new device.";

/**
 * Ask whether to forget a device.
 *
 * @param {Device} device
 * @returns {Promise<boolean>} True only if the user chose to forget it, false however else the dialog was closed.
 */
export async function askToForget(device) {
  const dialog = find(document, "#forget", HTMLDialogElement);
  find(dialog, "h2 bdi", HTMLElement).textContent = describe(device).name;
  find(dialog, "#forget-which", HTMLElement).textContent = which(device);
  find(dialog, "#forget-what", HTMLElement).textContent = device.current ? THIS_DEVICE : OTHER_DEVICE;
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "forget";
}

/**
 * Return facts that distinguish a device from others of the same name.
 *
 * @param {Device} device
 */
function which({ current, lastAuthenticatedAt, lastIpUsed }) {
  if (current) return "This is the device that you are using.";
  return `Last seen: ${inWords(lastAuthenticatedAt)}, network: ${lastIpUsed ?? "unknown"}.`;
}
