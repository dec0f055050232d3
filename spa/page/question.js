/** The dialogs that ask before something is lost. */

import { deviceName } from "../client/index.js";
import { find, withName } from "./dom.js";
import { inWords } from "./words.js";

/** @typedef {import("../client/index.js").Device} Device */

// A forgotten device cannot refresh its tokens. Its last access token is valid for at most an hour, unless the app client
// sets another time.
export const ACCESS_TOKEN_SECONDS = 3600;

/**
 * Return what happens to a device, and to whoever is signed in on it, when it is forgotten.
 *
 * @param {Device} device
 */
export const whenForgotten = ({ current }) =>
  current
    ? "You will be signed out within an hour. With your next sign-in it comes back as a new device."
    : "If someone is signed in on it, they will be signed out within an hour. They need your password to sign in again: change it if you do not know this device.";

/**
 * Ask whether to forget a device.
 *
 * @param {Device} device
 * @returns {Promise<boolean>} True only if the user chose to forget it, false however else the dialog was closed.
 */
export async function askToForget(device) {
  const dialog = find(document, "#forget", HTMLDialogElement);
  find(dialog, "h2 bdi", HTMLElement).textContent = deviceName(device).name;
  find(dialog, "#forget-which", HTMLElement).replaceChildren(...which(device));
  find(dialog, "#forget-what", HTMLElement).textContent = whenForgotten(device);
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
function which(device) {
  if (device.current) return ["This is the device that you are using."];
  const { detail } = deviceName(device);
  const seen = `Last seen ${inWords(device.lastAuthenticatedAt)}, first seen ${inWords(device.createdAt)}.`;
  return detail ? withName(detail, `. ${seen}`) : [seen];
}
