/** One device in the list, and its controls. */

import { deviceName } from "../client/index.js";
import { isNew } from "./ages.js";
import { find } from "./dom.js";
import { showTime } from "./words.js";

/** @typedef {import("../client/index.js").Device} Device */
/**
 * @typedef {object} Actions What the user can do with a card.
 * @property {(card: DeviceCard) => void} forget
 * @property {(card: DeviceCard) => void} remember
 */

export class DeviceCard {
  /** @type {HTMLElement | undefined} */
  #focused;
  #isRemembered = true;
  #text;

  /**
   * @param {Device} device
   * @param {Actions} actions
   */
  constructor(device, actions) {
    const { name, kind, detail } = deviceName(device);
    const template = find(document, "#device-card", HTMLTemplateElement).content;
    this.device = device;
    this.name = name;
    this.element = find(/** @type {DocumentFragment} */ (template.cloneNode(true)), ".card", HTMLLIElement);
    this.link = find(this.element, ".name", HTMLAnchorElement);
    this.remember = find(this.element, ".remember", HTMLButtonElement);
    this.#text = [name, detail, device.lastIpUsed].join("\n").toLowerCase();
    const forget = find(this.element, ".forget", HTMLButtonElement);

    find(this.link, "bdi", HTMLElement).textContent = name;
    this.#showLink();
    find(this.element, ".icon use", SVGUseElement).setAttribute("href", `#${kind}`);
    find(this.element, ".current", HTMLElement).hidden = !device.current;
    find(this.element, ".new", HTMLElement).hidden = !isNew(device);
    find(this.element, ".detail bdi", HTMLElement).textContent = detail;
    showTime(find(this.element, ".last-seen", HTMLTimeElement), device.lastAuthenticatedAt);
    showTime(find(this.element, ".first-seen", HTMLTimeElement), device.createdAt);

    // Screen readers announce a control without its card. The name and the facts tell which device it belongs to.
    const facts = [find(this.element, ".detail", HTMLElement), find(this.element, ".times", HTMLElement)];
    facts.forEach((element, place) => (element.id = `fact-${place}-${device.deviceKey}`));
    for (const control of [this.link, this.remember, forget]) {
      control.setAttribute("aria-describedby", facts.map(({ id }) => id).join(" "));
    }
    this.remember.setAttribute("aria-label", `Remember again: ${name}`);
    this.remember.addEventListener("click", () => actions.remember(this));
    forget.setAttribute("aria-label", `Forget ${name}`);
    forget.addEventListener("click", () => actions.forget(this));
  }

  /** Whether the account remembers the device. If not, the API no longer finds it, so the card has no link to details. */
  get isRemembered() {
    return this.#isRemembered;
  }

  set isRemembered(remembered) {
    const hasFocus = this.element.contains(document.activeElement);
    this.#isRemembered = remembered;
    this.element.classList.toggle("off", !remembered);
    find(this.element, ".badge.off", HTMLElement).hidden = this.remember.hidden = remembered;
    this.#showLink();
    if (hasFocus) this.focus(); // the control that had it may have gone
  }

  #showLink() {
    if (this.#isRemembered) this.link.href = `#${new URLSearchParams({ device: this.device.deviceKey })}`;
    else this.link.removeAttribute("href");
  }

  /** Focus the card's first control. */
  focus() {
    (this.#isRemembered ? this.link : this.remember).focus();
  }

  /**
   * Return whether the device has a text in its name, its details or its network.
   *
   * @param {string} text In lower case.
   */
  has(text) {
    return this.#text.includes(text);
  }

  /** Show an error about this device; "" removes it. */
  set problem(/** @type {string} */ text) {
    find(this.element, ".problem", HTMLElement).textContent = text;
  }

  /** Disable the controls while a change is in progress. */
  set busy(/** @type {boolean} */ busy) {
    const focused = document.activeElement;
    if (busy && focused instanceof HTMLElement && this.element.contains(focused)) this.#focused = focused;
    this.element.setAttribute("aria-busy", String(busy));
    for (const button of this.element.querySelectorAll("button")) button.disabled = busy;
    // A disabled control loses the focus. Restore it, so that keyboard users keep their place.
    if (!busy && document.activeElement === document.body) this.#focused?.focus();
  }
}
