/** What is said of the device in use where the list does not have it, and how it comes back. */

import { find, focusIfLost } from "./dom.js";
import { isNotFound, messageOf, waiting } from "./messages.js";

/** @typedef {import("../client/devices-client.js").Device} Device */
/** @typedef {import("../client/devices-client.js").DevicesClient} DevicesClient */
/**
 * @typedef {object} Listeners
 * @property {(error: unknown) => boolean} onError Told of a failure; returns whether it has dealt with it.
 * @property {() => void} onGone Told that the device of this sign-in exists no more.
 * @property {(device: Device) => void} onRemembered Told that it is remembered again.
 */

const NOT_REMEMBERED = "The device that you are using is not remembered.";
const GONE = "Your sign-in no longer belongs to a device. Sign out and in again to add the one that you are using.";

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
   * Says that the device in use is not in the list, and offers to remember it while it exists.
   *
   * @param {AbortSignal} signal Ends what the user may ask for.
   */
  miss(signal) {
    this.#signal = signal;
    this.#say(this.#isGone ? GONE : NOT_REMEMBERED);
  }

  /** Says nothing: the list has it, or nobody knows. */
  hide() {
    this.#say("");
  }

  /** From now on the device of this sign-in exists no more. */
  lose() {
    this.#isGone = true;
    this.#listeners.onGone();
  }

  /** Another sign-in has another device. */
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
