/** The page's dialogs: the question before a device is forgotten, and everything about one device. */

import { find } from "./dom.js";
import { messageOf } from "./messages.js";
import { describe, exactly, showTime } from "./words.js";

/** @typedef {import("./devices-client.js").Device} Device */
/** @typedef {import("./devices-client.js").DevicesClient} DevicesClient */

/**
 * Asks whether a device is to be forgotten.
 *
 * @param {Device} device
 * @returns {Promise<boolean>} False also where the dialog is closed in another way.
 */
export async function askToForget(device) {
  const dialog = find(document, "#forget", HTMLDialogElement);
  find(dialog, "h2 bdi", HTMLElement).textContent = describe(device).name;
  find(dialog, "#forget-text", HTMLElement).textContent = device.current
    ? "This is the device that you are using. You stay signed in until you sign out; with your next sign-in it comes back as a new device."
    : "If someone is signed in on it, they stay so until the session runs out; with the next sign-in it comes back as a new device.";
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "forget";
}

/** Everything about one device, under an address of its own: the page's, with `#device=KEY`. */
export class Details {
  #dialog = find(document, "#details", HTMLDialogElement);
  #client;
  #onError;
  #leave = new AbortController();

  /**
   * @param {DevicesClient} client
   * @param {(error: unknown) => boolean} onError Told of a failure; returns whether it has dealt with it.
   */
  constructor(client, onError) {
    this.#client = client;
    this.#onError = onError;
    this.#dialog.addEventListener("close", () => this.#closed());
  }

  /** Opens the device that the address names, and closes where it names none. */
  async follow() {
    const deviceKey = new URLSearchParams(location.hash.slice(1)).get("device");
    if (deviceKey === null) return this.#dialog.close();
    this.#leave.abort();
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    this.#say({ loading: true });
    if (!this.#dialog.open) this.#dialog.showModal();
    try {
      this.#show(await this.#client.get(deviceKey, { signal }));
      this.#say({});
    } catch (error) {
      if (signal.aborted) return;
      if (this.#onError(error)) this.#dialog.close();
      else this.#say({ problem: messageOf(error) });
    }
  }

  /** Closes the dialog, if it is open. */
  close() {
    this.#dialog.close();
  }

  #closed() {
    this.#leave.abort();
    history.replaceState(null, "", location.pathname + location.search);
  }

  /** @param {{ loading?: boolean, problem?: string }} state Neither means that the device is shown. */
  #say({ loading = false, problem = "" }) {
    const title = find(this.#dialog, "#details-title bdi", HTMLElement);
    if (loading || problem) title.textContent = "Device";
    find(this.#dialog, "#details-loading", HTMLElement).textContent = loading ? "Loading …" : "";
    find(this.#dialog, "#details-problem", HTMLElement).textContent = problem;
    find(this.#dialog, "#details-facts", HTMLElement).hidden = loading || problem !== "";
  }

  /** @param {Device} device */
  #show(device) {
    const text = {
      "#details-title bdi": describe(device).name,
      ".full-name": device.name ?? "none",
      ".network": device.lastIpUsed ?? "unknown",
      ".status": device.status ?? "unknown",
      ".key": device.deviceKey,
    };
    for (const [selector, value] of Object.entries(text)) {
      find(this.#dialog, selector, HTMLElement).textContent = value;
    }
    showTime(find(this.#dialog, ".last-seen", HTMLTimeElement), device.lastAuthenticatedAt, exactly);
    showTime(find(this.#dialog, ".last-changed", HTMLTimeElement), device.lastModifiedAt, exactly);
    showTime(find(this.#dialog, ".first-seen", HTMLTimeElement), device.createdAt, exactly);
  }
}
