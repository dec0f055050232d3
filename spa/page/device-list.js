/** The list of the user's devices: load it, forget a device, change whether a device is remembered. */

import { DeviceCard } from "./device-card.js";
import { find, focusIfLost } from "./dom.js";
import { isNotFound, messageOf, waiting } from "./messages.js";
import { OwnDevice } from "./own-device.js";
import { askToForget } from "./question.js";

/** @typedef {import("../client/devices-client.js").Device} Device */
/** @typedef {import("../client/devices-client.js").DevicesClient} DevicesClient */
/** @typedef {import("../client/devices-client.js").Options} Options */

export class DeviceList {
  #section = find(document, "#devices", HTMLElement);
  #heading = find(this.#section, "h1", HTMLElement);
  #list = find(this.#section, "#list", HTMLUListElement);
  #client;
  #onError;
  #ownDevice;
  /** @type {DeviceCard[]} */
  #cards = [];
  #isComplete = false;
  #visit = new AbortController();

  /**
   * @param {DevicesClient} client
   * @param {(error: unknown) => boolean} onError Called with each error; returns whether it has handled it.
   * @param {() => void} onGone Called when Cognito has forgotten this sign-in's device.
   */
  constructor(client, onError, onGone) {
    this.#client = client;
    this.#onError = onError;
    this.#ownDevice = new OwnDevice(client, { onError, onGone, onRemembered: (device) => this.#add(device) });
    find(this.#section, "#try-again", HTMLButtonElement).addEventListener("click", () => {
      this.#heading.focus(); // the button disappears
      this.load();
    });
  }

  /** Load and show all devices. */
  async load() {
    this.#clear();
    const { signal } = (this.#visit = new AbortController());
    /** @type {Device[]} */
    const devices = [];
    this.#sayLoading("Loading devices …");
    try {
      for await (const page of this.#client.pages({ signal, onWait: (seconds) => this.#sayLoading(waiting(seconds)) })) {
        devices.push(...page);
        this.#sayLoading(`Loading devices … ${devices.length} so far`);
      }
      this.#isComplete = true;
    } catch (error) {
      if (signal.aborted || this.#onError(error)) return;
      const problem = messageOf(error);
      this.#sayFailure(devices.length ? `These are not all of your devices. ${problem}` : problem);
    }
    this.#sayLoading("");
    this.#cards = [...devices].sort(byUse).map((device) => this.#cardOf(device));
    this.#list.replaceChildren(...this.#cards.map(({ element }) => element));
    this.#sayWhatIsThere();
  }

  /** Abort all requests and remove all devices from view. */
  leave() {
    this.#clear();
    this.#ownDevice.reset();
  }

  #clear() {
    this.#visit.abort();
    this.#cards = [];
    this.#isComplete = false;
    this.#list.replaceChildren();
    this.#say("");
    this.#sayLoading("");
    this.#sayFailure("");
    this.#sayWhatIsThere();
  }

  /** @param {Device} device */
  #cardOf(device) {
    return new DeviceCard(device, {
      forget: (card) => this.#forget(card),
      setRemembered: (card, remembered) => this.#setRemembered(card, remembered),
    });
  }

  /** @param {DeviceCard} card */
  async #forget(card) {
    if (!(await askToForget(card.device))) return;
    if (await this.#change(card, (options) => this.#client.forget(card.device.deviceKey, options))) {
      this.#remove(card, `${card.name} is forgotten.`);
    }
  }

  /**
   * @param {DeviceCard} card
   * @param {boolean} remembered
   */
  async #setRemembered(card, remembered) {
    const { deviceKey } = card.device;
    if (await this.#change(card, (options) => this.#client.setRemembered(deviceKey, remembered, options))) {
      // Cognito no longer lists the device. Keep the card, so that the user can remember the device again.
      const off = "is no longer remembered. It leaves this list when you leave the page.";
      this.#say(`${card.name} ${remembered ? "is remembered." : off}`);
    } else {
      card.remembered.checked = !remembered;
    }
  }

  /**
   * @param {DeviceCard} card
   * @param {(options: Options) => Promise<void>} request
   * @returns {Promise<boolean>} Whether it succeeded; if not, the page shows why.
   */
  async #change(card, request) {
    const { signal } = this.#visit;
    card.problem = "";
    card.busy = true;
    this.#say("");
    try {
      await request({ signal, onWait: (seconds) => this.#say(waiting(seconds)) });
      return true;
    } catch (error) {
      if (signal.aborted || this.#onError(error)) return false;
      this.#say("");
      if (isNotFound(error)) this.#remove(card, `${card.name} had already been forgotten.`);
      else card.problem = messageOf(error);
      return false;
    } finally {
      card.busy = false;
    }
  }

  /**
   * @param {DeviceCard} card
   * @param {string} why
   */
  #remove(card, why) {
    const place = this.#cards.indexOf(card);
    this.#cards.splice(place, 1);
    card.element.remove();
    if (card.device.current) this.#ownDevice.lose();
    this.#sayWhatIsThere();
    this.#say(why);
    focusIfLost((this.#cards[place] ?? this.#cards.at(-1))?.link ?? this.#heading);
  }

  /** @param {Device} device */
  #add(device) {
    const card = this.#cardOf(device);
    this.#cards.unshift(card);
    this.#list.prepend(card.element);
    this.#sayWhatIsThere();
    this.#say("This device is remembered.");
    focusIfLost(card.link);
  }

  #sayWhatIsThere() {
    const number = this.#cards.length;
    find(this.#section, "#empty", HTMLElement).hidden = !this.#isComplete || number > 0;
    find(this.#section, "#count", HTMLElement).textContent = number ? `${number} ${number > 1 ? "devices" : "device"}` : "";
    const hasOwn = this.#cards.some(({ device }) => device.current);
    if (hasOwn || !this.#isComplete) this.#ownDevice.hide();
    else this.#ownDevice.miss(this.#visit.signal);
  }

  /** @param {string} text What has happened; it replaces the text before. */
  #say(text) {
    find(this.#section, "#news", HTMLElement).textContent = text;
  }

  /** @param {string} text */
  #sayLoading(text) {
    find(this.#section, "#loading", HTMLElement).textContent = text;
  }

  /** @param {string} text */
  #sayFailure(text) {
    find(this.#section, "#failure", HTMLElement).hidden = !text;
    find(this.#section, "#failure-text", HTMLElement).textContent = text;
  }
}

/**
 * Sort the current device first, then the others by when they were last seen.
 *
 * @param {Device} one
 * @param {Device} other
 */
function byUse(one, other) {
  // Cognito gives only createdAt to the millisecond, so it can be later than lastAuthenticatedAt. Take the later one.
  const seen = /** @param {Device} device */ ({ lastAuthenticatedAt, createdAt }) =>
    Math.max(...[lastAuthenticatedAt, createdAt].map((time) => Date.parse(time ?? "") || 0));
  return Number(other.current) - Number(one.current) || seen(other) - seen(one);
}
