/** The list of the user's devices, and what can be done with them. */

import { DeviceCard } from "./device-card.js";
import { DevicesError } from "./devices-client.js";
import { askToForget } from "./dialogs.js";
import { find } from "./dom.js";
import { messageOf } from "./messages.js";

/** @typedef {import("./devices-client.js").Device} Device */
/** @typedef {import("./devices-client.js").DevicesClient} DevicesClient */

const NOT_REMEMBERED = "The device that you are using is not remembered.";
const NO_DEVICE = "Your sign-in no longer belongs to a device. Sign out and in again to add the one that you are using.";

export class DeviceList {
  #section = find(document, "#devices", HTMLElement);
  #list = find(this.#section, "#list", HTMLUListElement);
  #client;
  #onError;
  #onOwnDeviceGone;
  /** @type {DeviceCard[]} */
  #cards = [];
  #visit = new AbortController();
  #isOwnDeviceGone = false;

  /**
   * @param {DevicesClient} client
   * @param {(error: unknown) => boolean} onError Told of a failure; returns whether it has dealt with it.
   * @param {() => void} onOwnDeviceGone Told that the device of this sign-in exists no more.
   */
  constructor(client, onError, onOwnDeviceGone) {
    this.#client = client;
    this.#onError = onError;
    this.#onOwnDeviceGone = onOwnDeviceGone;
    find(this.#section, "#try-again", HTMLButtonElement).addEventListener("click", () => this.load());
    find(this.#section, "#remember-current", HTMLButtonElement).addEventListener("click", () => this.#rememberThis());
  }

  /** Loads and shows all devices. */
  async load() {
    this.leave();
    const { signal } = (this.#visit = new AbortController());
    /** @type {Device[]} */
    const devices = [];
    let problem = "";
    this.#say({ loading: "Loading devices …" });
    try {
      for await (const page of this.#client.pages({ signal })) {
        devices.push(...page);
        this.announce(""); // that it had to wait
        this.#say({ loading: `Loading devices … ${devices.length} so far` });
      }
    } catch (error) {
      if (signal.aborted || this.#onError(error)) return;
      problem = messageOf(error);
    }
    const actions = { forget: this.#forget.bind(this), setRemembered: this.#setRemembered.bind(this) };
    this.#cards = devices.toSorted(byUse).map((device) => new DeviceCard(device, actions));
    this.#list.replaceChildren(...this.#cards.map(({ element }) => element));
    this.#say({ problem, isKnown: problem === "" });
  }

  /** Stops what is on its way, and shows nothing any more. */
  leave() {
    this.#visit.abort();
    this.#cards = [];
    this.#isOwnDeviceGone = false;
    this.#list.replaceChildren();
    this.announce("");
    this.#say({});
  }

  /**
   * Tells the user what has happened, by eye and by ear, until something else does.
   *
   * @param {string} text
   */
  announce(text) {
    find(this.#section, "#status", HTMLElement).textContent = text;
  }

  /** @param {DeviceCard} card */
  async #forget(card) {
    if (!(await askToForget(card.device))) return;
    const { deviceKey } = card.device;
    if (await this.#change(card, (signal) => this.#client.forget(deviceKey, { signal }))) {
      this.#remove(card, `${card.name} is forgotten.`);
    }
  }

  /**
   * @param {DeviceCard} card
   * @param {boolean} remembered
   */
  async #setRemembered(card, remembered) {
    const { deviceKey } = card.device;
    if (await this.#change(card, (signal) => this.#client.setRemembered(deviceKey, remembered, { signal }))) {
      // Once it is off, Cognito lists the device no more; the card stays, so that it can be put on again.
      const off = "is no longer remembered. It leaves this list when you leave the page.";
      this.announce(`${card.name} ${remembered ? "is remembered." : off}`);
    } else {
      card.remembered.checked = !remembered;
    }
  }

  /**
   * @param {DeviceCard} card
   * @param {(signal: AbortSignal) => Promise<void>} request
   * @returns {Promise<boolean>} Whether it succeeded; if not, the user has been told.
   */
  async #change(card, request) {
    const { signal } = this.#visit;
    card.problem = "";
    card.busy = true;
    try {
      await request(signal).finally(() => this.announce(""));
      return !signal.aborted;
    } catch (error) {
      if (signal.aborted || this.#onError(error)) return false;
      if (isNotFound(error)) this.#remove(card, `${card.name} was forgotten before.`);
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
    if (card.device.current) this.#loseOwnDevice();
    this.#say({ isKnown: true });
    this.announce(why);
    (this.#cards[place] ?? this.#cards.at(-1))?.link.focus();
    if (!this.#cards.length) find(this.#section, "h1", HTMLElement).focus();
  }

  async #rememberThis() {
    const { signal } = this.#visit;
    const button = find(this.#section, "#remember-current", HTMLButtonElement);
    button.disabled = true;
    try {
      await this.#client.setRemembered("current", true, { signal });
      await this.load();
      find(this.#section, "h1", HTMLElement).focus();
      this.announce("This device is remembered.");
    } catch (error) {
      if (signal.aborted || this.#onError(error)) return;
      if (isNotFound(error)) this.#loseOwnDevice();
      this.#offer(isNotFound(error) ? NO_DEVICE : messageOf(error));
    } finally {
      button.disabled = false;
    }
  }

  #loseOwnDevice() {
    this.#isOwnDeviceGone = true;
    this.#onOwnDeviceGone();
  }

  /** @param {{ loading?: string, problem?: string, isKnown?: boolean }} state `isKnown`: the list is complete. */
  #say({ loading = "", problem = "", isKnown = false }) {
    const number = this.#cards.length;
    find(this.#section, "#loading", HTMLElement).hidden = !loading;
    find(this.#section, "#loading-text", HTMLElement).textContent = loading;
    find(this.#section, "#failure", HTMLElement).hidden = !problem;
    find(this.#section, "#failure-text", HTMLElement).textContent =
      problem && number ? `These are not all of your devices. ${problem}` : problem;
    find(this.#section, "#empty", HTMLElement).hidden = !isKnown || number > 0;
    find(this.#section, "#count", HTMLElement).textContent = number ? `${number} ${number > 1 ? "devices" : "device"}` : "";
    const hasOwn = this.#cards.some(({ device }) => device.current);
    this.#offer(hasOwn || !isKnown ? "" : this.#isOwnDeviceGone ? NO_DEVICE : NOT_REMEMBERED);
  }

  /** @param {string} text */
  #offer(text) {
    find(this.#section, "#offer", HTMLElement).hidden = !text;
    find(this.#section, "#offer-text", HTMLElement).textContent = text;
    find(this.#section, "#remember-current", HTMLButtonElement).hidden = this.#isOwnDeviceGone;
  }
}

/** @param {unknown} error */
const isNotFound = (error) => error instanceof DevicesError && error.type === "device-not-found";

/**
 * The device in use, then the others, the one that was seen last before the rest.
 *
 * @param {Device} one
 * @param {Device} other
 */
function byUse(one, other) {
  // Only the first sign-in is known to the millisecond.
  const seen = /** @param {Device} device */ ({ lastAuthenticatedAt, createdAt }) =>
    Math.max(...[lastAuthenticatedAt, createdAt].map((time) => Date.parse(time ?? "") || 0));
  return Number(other.current) - Number(one.current) || seen(other) - seen(one);
}
