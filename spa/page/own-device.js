/** The notice about the device in use if the list lacks it, and the offer to remember it. */

import { find, focusIfLost } from "./dom.js";
import { isNotFound, messageOf, waiting } from "./messages.js";

/** @typedef {import("../client/index.js").Device} Device */
/** @typedef {import("../client/index.js").DevicesClient} DevicesClient */
/**
 * @typedef {object} Listeners
 * @property {(error: unknown) => boolean} onError Called with each error; returns whether it has handled it.
 * @property {() => Promise<boolean>} hasDevice Returns whether this browser still has a device of the user. After that
 *   device was forgotten it has none, and there is nothing to remember.
 * @property {() => void} onGone Called when Cognito has forgotten this sign-in's device.
 * @property {(device: Device) => void} onRemembered Called when Cognito remembers the device again.
 */

const NOT_REMEMBERED = "The device that you are using is not remembered.";
const GONE = "Your account does not know the device that you are using. To add it, sign out, and sign in again.";

export class OwnDevice {
  #offer = find(document, "#offer", HTMLElement);
  #button = find(this.#offer, "button", HTMLButtonElement);
  #client;
  #listeners;
  #isGone = false;
  /** @type {AbortSignal | undefined} */
  #signal;

  /**
   * @param {DevicesClient} client
   * @param {Listeners} listeners
   */
  constructor(client, listeners) {
    this.#client = client;
    this.#listeners = listeners;
    this.#button.addEventListener("click", () => this.#remember());
  }

  /**
   * Show that the device in use is not in the list, and offer to remember it unless Cognito has forgotten it.
   *
   * @param {AbortSignal} signal Aborts the requests of the offer.
   */
  async miss(signal) {
    this.#signal = signal;
    const { hasDevice } = this.#listeners;
    if (!this.#isGone) this.#isGone = !(await hasDevice());
    // Meanwhile the page may have left the list, or shown the device.
    if (!signal.aborted && this.#signal === signal) this.#say(this.#isGone ? GONE : NOT_REMEMBERED);
  }

  /** Hide the notice: the list already shows the device in use, or is incomplete. */
  hide() {
    this.#signal = undefined;
    this.#say("");
  }

  /** Note that Cognito has forgotten this sign-in's device, so that it cannot be remembered again. */
  lose() {
    this.#isGone = true;
    this.#listeners.onGone();
  }

  /** Start anew for the next sign-in, which has its own device. */
  reset() {
    this.#isGone = false;
    this.hide();
  }

  async #remember() {
    const { onError, onRemembered } = this.#listeners;
    const options = { signal: this.#signal, onWait: (/** @type {number} */ seconds) => this.#say(waiting(seconds)) };
    this.#button.disabled = true;
    try {
      await this.#client.setRemembered("current", true, options);
      onRemembered(await this.#client.get("current", options));
    } catch (error) {
      if (options.signal?.aborted || onError(error)) return;
      if (isNotFound(error)) this.lose();
      this.#say(this.#isGone ? GONE : messageOf(error));
    } finally {
      this.#button.disabled = false;
      focusIfLost(this.#isGone ? find(document, "#devices-title", HTMLElement) : this.#button);
    }
  }

  /** @param {string} text */
  #say(text) {
    this.#offer.hidden = !text;
    find(this.#offer, "p", HTMLElement).textContent = text;
    this.#button.hidden = this.#isGone;
  }
}
