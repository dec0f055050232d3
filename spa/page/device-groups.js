/** The cards in groups: this device, those in use, those not used for long. A filter shows some of them. */

import { UNUSED_DAYS, isUnused } from "./ages.js";
import { find, focusIfLost } from "./dom.js";
import { devices } from "./words.js";

/** @typedef {import("./device-card.js").DeviceCard} DeviceCard */

/** With more devices, the list is longer than a screen. */
const FILTER_FROM = 11;

/** @type {[id: string, has: (device: DeviceCard["device"]) => boolean][]} The last one has all that is left. */
const GROUPS = [
  ["#group-current", ({ current }) => current],
  ["#group-unused", isUnused],
  ["#group-used", () => true],
];

export class DeviceGroups {
  #root = find(document, "#devices", HTMLElement);
  #count = find(this.#root, "#count", HTMLElement);
  #find = find(this.#root, "#find", HTMLElement);
  #filter = find(this.#find, "#filter", HTMLInputElement);
  #noneFound = find(this.#root, "#none-found", HTMLElement);
  /** @type {DeviceCard[]} In the order in which they are shown. */
  #cards = [];

  /** @param {() => void} onFilter Called after the filter has changed. */
  constructor(onFilter) {
    find(this.#root, ".days", HTMLElement).textContent = String(UNUSED_DAYS);
    this.#filter.addEventListener("input", () => {
      this.update();
      onFilter();
      focusIfLost(find(this.#root, "h1", HTMLElement)); // a short list has no filter
    });
    find(this.#noneFound, "button", HTMLButtonElement).addEventListener("click", () => {
      this.#filter.value = "";
      this.#filter.focus();
      this.update();
      onFilter();
    });
  }

  get cards() {
    return this.#cards;
  }

  /** Whether the user has chosen which devices to see. */
  get isFiltered() {
    return this.#wanted !== "";
  }

  get #wanted() {
    return this.#filter.value.trim().toLowerCase();
  }

  /**
   * Show these cards instead of the present ones.
   *
   * @param {DeviceCard[]} cards Sorted by use.
   */
  show(cards) {
    for (const { element } of this.#cards) element.remove();
    this.#cards = cards;
    for (const card of cards) listOf(card).append(card.element);
    if (cards.length === 0) this.#filter.value = "";
    this.update();
  }

  /**
   * Add a card as the first of its group.
   *
   * @param {DeviceCard} card
   */
  add(card) {
    this.#cards.unshift(card);
    listOf(card).prepend(card.element);
    this.update();
  }

  /**
   * Remove a card, and return the one that the focus should go to, if there is one.
   *
   * @param {DeviceCard} card
   */
  remove(card) {
    const shown = this.#shown;
    const place = shown.indexOf(card);
    const next = shown[place + 1] ?? shown[place - 1];
    this.#cards = this.#cards.filter((each) => each !== card);
    card.element.remove();
    this.update();
    return next;
  }

  get #shown() {
    return this.#cards.filter(({ element }) => !element.hidden);
  }

  /** Show what the filter admits, hide empty groups, and count. */
  update() {
    for (const card of this.#cards) card.element.hidden = !card.has(this.#wanted);
    for (const [id] of GROUPS) {
      const group = find(this.#root, id, HTMLElement);
      const shown = group.querySelectorAll("li:not([hidden])");
      group.hidden = shown.length === 0;
      const number = [...shown].filter((item) => item.classList.contains("card")).length;
      for (const element of group.querySelectorAll("h2 .number")) element.textContent = String(number);
    }
    const all = this.#cards.length;
    const number = this.#shown.length;
    this.#count.textContent = this.isFiltered ? `${number} of ${devices(all)}` : all ? devices(all) : "";
    this.#find.hidden = all < FILTER_FROM && !this.isFiltered;
    this.#noneFound.hidden = number > 0 || !this.isFiltered;
  }
}

/** @param {DeviceCard} card */
function listOf({ device }) {
  const [id] = GROUPS.find(([, has]) => has(device)) ?? [""];
  return find(document, `${id} ul`, HTMLUListElement);
}
