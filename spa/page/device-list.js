/** The list of the user's devices: load it, forget devices, change whether a device is remembered. */

import { byUse } from "./ages.js";
import { DeviceCard } from "./device-card.js";
import { DeviceGroups } from "./device-groups.js";
import { find, focusIfLost } from "./dom.js";
import { ForgetMany } from "./forget-many.js";
import { isNotFound, messageOf, waiting } from "./messages.js";
import { News } from "./news.js";
import { OwnDevice } from "./own-device.js";
import { askToForget } from "./question.js";

/** @typedef {import("../client/index.js").Device} Device */
/** @typedef {import("../client/index.js").DevicesClient} DevicesClient */
/** @typedef {import("../client/index.js").Options} Options */
/** @typedef {Omit<import("./own-device.js").Listeners, "onRemembered">} Listeners */

export class DeviceList {
  #section = find(document, "#devices", HTMLElement);
  #heading = find(this.#section, "h1", HTMLElement);
  #groups = new DeviceGroups(() => this.#sayWhatIsThere());
  #news = new News();
  #client;
  #onError;
  #ownDevice;
  #many;
  #isComplete = false;
  #visit = new AbortController();

  /**
   * @param {DevicesClient} client
   * @param {Listeners} listeners
   */
  constructor(client, listeners) {
    this.#client = client;
    this.#onError = listeners.onError;
    this.#ownDevice = new OwnDevice(client, { ...listeners, onRemembered: (device) => this.#welcome(device) });
    this.#many = new ForgetMany(client, listeners.onError, () => this.load());
    find(this.#section, "#try-again", HTMLButtonElement).addEventListener("click", () => {
      this.#heading.focus(); // the button disappears
      this.load();
    });
  }

  /** Load and show all devices. */
  async load() {
    // The API does not return them any more, but the user may want to remember them again.
    const kept = this.#groups.cards.filter(({ isRemembered }) => !isRemembered);
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
    const keys = new Set(devices.map(({ deviceKey }) => deviceKey));
    const cards = devices.map((device) => this.#cardOf(device));
    cards.push(...kept.filter(({ device }) => !keys.has(device.deviceKey)));
    this.#groups.show(cards.sort((one, other) => byUse(one.device, other.device)));
    this.#sayWhatIsThere();
  }

  /** Abort all requests and remove all devices from view. */
  leave() {
    this.#clear();
    this.#many.leave();
    this.#ownDevice.reset();
  }

  /**
   * Forget a device that the user has already been asked about.
   *
   * @param {Device} device
   */
  async forget(device) {
    const card = this.#find(device);
    if (await this.#change(card, (options) => this.#client.forget(device.deviceKey, options))) {
      this.#remove(card, " is forgotten.");
    }
  }

  /**
   * Remember a device, or stop remembering it.
   *
   * @param {Device} device
   * @param {boolean} remembered
   */
  async setRemembered(device, remembered) {
    const card = this.#find(device);
    if (await this.#change(card, (options) => this.#client.setRemembered(device.deviceKey, remembered, options))) {
      // Cognito no longer lists the device. Keep the card, so that the user can remember the device again.
      const off = " is no longer remembered. It leaves this list when you leave the page.";
      card.isRemembered = remembered;
      this.#sayWhatIsThere();
      this.#say(remembered ? " is remembered." : off, card, card.name);
    }
  }

  #clear() {
    this.#visit.abort();
    this.#isComplete = false;
    this.#groups.show([]);
    this.#say("");
    this.#sayLoading("");
    this.#sayFailure("");
    this.#sayWhatIsThere();
  }

  /** @param {Device} device */
  #cardOf(device) {
    return new DeviceCard(device, {
      forget: async (card) => {
        if (await askToForget(card.device)) await this.forget(card.device);
      },
      remember: (card) => this.setRemembered(card.device, true),
    });
  }

  /**
   * Return the card of a device. A list that is not complete may lack it.
   *
   * @param {Device} device
   */
  #find(device) {
    return this.#groups.cards.find((card) => card.device.deviceKey === device.deviceKey) ?? this.#add(device);
  }

  /** @param {Device} device */
  #add(device) {
    const card = this.#cardOf(device);
    this.#groups.add(card);
    this.#sayWhatIsThere();
    return card;
  }

  /** @param {Device} device The one in use. */
  #welcome(device) {
    const card = this.#add(device);
    this.#say("This device is remembered.", card);
    focusIfLost(card.link);
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
      await request({ signal, onWait: (seconds) => this.#say(waiting(seconds), card) });
      return true;
    } catch (error) {
      if (signal.aborted || this.#onError(error)) return false;
      this.#say("");
      if (isNotFound(error)) this.#remove(card, " had already been forgotten.");
      else card.problem = messageOf(error);
      return false;
    } finally {
      card.busy = false;
    }
  }

  /**
   * @param {DeviceCard} card
   * @param {string} what What has happened to it.
   */
  #remove(card, what) {
    this.#say(what, card, card.name);
    const next = this.#groups.remove(card);
    if (card.device.current) this.#ownDevice.lose();
    this.#sayWhatIsThere();
    focusIfLost(next?.link ?? this.#heading);
  }

  #sayWhatIsThere() {
    const { cards, isFiltered } = this.#groups;
    const isWhole = this.#isComplete && !isFiltered;
    find(this.#section, "#empty", HTMLElement).hidden = !this.#isComplete || cards.length > 0;
    this.#many.offer(isWhole ? cards.filter(({ isRemembered }) => isRemembered).map(({ device }) => device) : []);
    const hasOwn = cards.some(({ device }) => device.current);
    if (hasOwn || !this.#isComplete) this.#ownDevice.hide();
    else this.#ownDevice.miss(this.#visit.signal);
  }

  /**
   * @param {string} text What has happened; it replaces the text before.
   * @param {DeviceCard} [card] The device that it happened to.
   * @param {string} [name] The device's name, if the text begins with it.
   */
  #say(text, card, name) {
    this.#news.say(text, card?.element, name);
    this.#groups.update();
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
