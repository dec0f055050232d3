/** One device in the list, and its controls. */

import { find } from "./dom.js";
import { describe, showTime } from "./words.js";

/** @typedef {import("../client/devices-client.js").Device} Device */
/**
 * @typedef {object} Actions What the user can do with a card.
 * @property {(card: DeviceCard) => void} forget
 * @property {(card: DeviceCard, remembered: boolean) => void} setRemembered
 */

export class DeviceCard {
  /** @type {HTMLElement | undefined} */
  #focused;

  /**
   * @param {Device} device
   * @param {Actions} actions
   */
  constructor(device, actions) {
    const { name, kind } = describe(device);
    const template = find(document, "#device-card", HTMLTemplateElement).content;
    this.device = device;
    this.name = name;
    this.element = find(/** @type {DocumentFragment} */ (template.cloneNode(true)), ".card", HTMLLIElement);
    this.link = find(this.element, ".name", HTMLAnchorElement);
    this.remembered = find(this.element, ".remembered", HTMLInputElement);
    const forget = find(this.element, ".forget", HTMLButtonElement);

    find(this.link, "bdi", HTMLElement).textContent = name;
    this.link.href = `#${new URLSearchParams({ device: device.deviceKey })}`;
    find(this.element, ".icon use", SVGUseElement).setAttribute("href", `#${kind}`);
    find(this.element, ".current", HTMLElement).hidden = !device.current;
    find(this.element, ".network", HTMLElement).textContent = device.lastIpUsed ?? "unknown";
    showTime(find(this.element, ".last-seen", HTMLTimeElement), device.lastAuthenticatedAt);
    showTime(find(this.element, ".first-seen", HTMLTimeElement), device.createdAt);

    // Screen readers announce a control without its card. The name and the facts tell which device it belongs to.
    const facts = find(this.element, "dl", HTMLElement);
    facts.id = `facts-${device.deviceKey}`;
    for (const control of [this.link, this.remembered, forget]) control.setAttribute("aria-describedby", facts.id);
    this.remembered.ariaLabel = `Remembered: ${name}`;
    this.remembered.addEventListener("change", () => actions.setRemembered(this, this.remembered.checked));
    forget.ariaLabel = `Forget ${name}`;
    forget.addEventListener("click", () => actions.forget(this));
  }

  /** Show an error about this device; "" removes it. */
  set problem(/** @type {string} */ text) {
    find(this.element, ".problem", HTMLElement).textContent = text;
  }

  /** Disable the controls while a change is in progress. */
  set busy(/** @type {boolean} */ busy) {
    const focused = document.activeElement;
    if (busy && focused instanceof HTMLElement && this.element.contains(focused)) this.#focused = focused;
    this.element.ariaBusy = String(busy);
    for (const control of this.element.querySelectorAll("input, button")) control.toggleAttribute("disabled", busy);
    // A disabled control loses the focus. Restore it, so that keyboard users keep their place.
    if (!busy && document.activeElement === document.body) this.#focused?.focus();
  }
}
