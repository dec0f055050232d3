/** The dialog with all facts about one device, and what the user can do with it. Its URL is the page's with `#device=KEY`. */

import { deviceName } from "../client/index.js";
import { isNew } from "./ages.js";
import { find, focusIfLost, pageUrl } from "./dom.js";
import { messageOf, waiting } from "./messages.js";
import { askToForget, whenForgotten } from "./question.js";
import { exactly, inWordsAndExactly, showTime } from "./words.js";

/** @typedef {import("../client/index.js").Device} Device */
/** @typedef {import("../client/index.js").DevicesClient} DevicesClient */
/**
 * @typedef {object} Listeners
 * @property {(error: unknown) => boolean} onError Called with each error; returns whether it has handled it.
 * @property {(device: Device) => void} onForget Called after the user has confirmed it and the dialog is closed.
 * @property {(device: Device) => void} onStopRemembering Called after the dialog is closed.
 */

/** What history.state holds if the entry before is the page without details. */
const OPENED = { opened: true };

export class Details {
  #dialog = find(document, "#details", HTMLDialogElement);
  #client;
  #listeners;
  #leave = new AbortController();
  /** @type {string | null | undefined} The key in the URL, null without one, undefined before it was read. */
  #deviceKey;
  /** @type {Device | undefined} */
  #device;

  /**
   * @param {DevicesClient} client
   * @param {Listeners} listeners
   */
  constructor(client, listeners) {
    this.#client = client;
    this.#listeners = listeners;
    this.#dialog.addEventListener("close", () => this.#closed());
    this.#dialog.addEventListener("mousedown", (event) => {
      if (event.target !== this.#dialog || !isOutside(this.#dialog, event)) return;
      event.preventDefault(); // the browser would take the focus from where the dialog returns it to
      this.#dialog.close();
    });
    find(this.#dialog, ".forget", HTMLButtonElement).addEventListener("click", () => this.#forget());
    find(this.#dialog, ".stop-remembering", HTMLButtonElement).addEventListener("click", () => this.#stopRemembering());
  }

  /** Show the device that the URL names, or close the dialog if the URL names none. */
  async follow() {
    const deviceKey = new URLSearchParams(location.hash.slice(1)).get("device");
    if (deviceKey !== null && this.#deviceKey === null) history.replaceState(OPENED, "");
    this.#deviceKey = deviceKey;
    this.#leave.abort();
    if (deviceKey === null) return this.#dialog.close();
    const { signal } = (this.#leave = new AbortController());
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#say({ news: "Loading …" });
    try {
      const onWait = (/** @type {number} */ seconds) => this.#say({ news: waiting(seconds) });
      this.#show(await this.#client.get(deviceKey, { signal, onWait }));
    } catch (error) {
      if (signal.aborted || this.#listeners.onError(error)) return;
      this.#say({ problem: messageOf(error) });
    }
  }

  /** Abort the request, and ignore its response. */
  leave() {
    this.#leave.abort();
  }

  #closed() {
    if (this.#dialog.open) return; // reopened before this event arrived
    focusIfLost(find(document, "#devices-title", HTMLElement));
    if (this.#deviceKey === null) return; // closed because the URL changed, so leave the URL as it is
    this.#leave.abort();
    // After a link to a device, the entry before is another page or another device.
    if (history.state?.opened) return history.back();
    this.#deviceKey = null;
    history.replaceState(null, "", pageUrl());
  }

  async #forget() {
    const device = this.#device;
    if (!device || !(await askToForget(device))) return;
    this.#dialog.close();
    this.#listeners.onForget(device);
  }

  #stopRemembering() {
    const device = this.#device;
    if (!device) return;
    this.#dialog.close();
    this.#listeners.onStopRemembering(device);
  }

  /** @param {{ news?: string, problem?: string }} state Without both, the device's facts are shown. */
  #say({ news = "", problem = "" }) {
    if (news || problem) find(this.#dialog, "#details-title bdi", HTMLElement).textContent = "Device";
    find(this.#dialog, "#details-news", HTMLElement).textContent = news;
    find(this.#dialog, "#details-problem", HTMLElement).textContent = problem;
    for (const id of ["#details-badges", "#details-device"]) {
      find(this.#dialog, id, HTMLElement).hidden = news !== "" || problem !== "";
    }
  }

  /** @param {Device} device */
  #show(device) {
    const { name, detail } = deviceName(device);
    this.#device = device;
    const text = {
      "#details-title bdi": name,
      ".detail": detail,
      ".forget-what": whenForgotten(device),
      ".full-name": device.name ?? "none",
      ".network": device.lastIpUsed ?? "unknown",
      ".status": device.status ?? "unknown",
      ".key": device.deviceKey,
    };
    for (const [selector, value] of Object.entries(text)) {
      find(this.#dialog, selector, HTMLElement).textContent = value;
    }
    find(this.#dialog, ".software", HTMLElement).hidden = !detail;
    find(this.#dialog, ".current", HTMLElement).hidden = !device.current;
    find(this.#dialog, ".new", HTMLElement).hidden = !isNew(device);
    showTime(find(this.#dialog, ".last-seen", HTMLTimeElement), device.lastAuthenticatedAt, inWordsAndExactly);
    showTime(find(this.#dialog, ".first-seen", HTMLTimeElement), device.createdAt, inWordsAndExactly);
    showTime(find(this.#dialog, ".last-changed", HTMLTimeElement), device.lastModifiedAt, exactly);
    this.#say({});
  }
}

/**
 * @param {Element} element
 * @param {MouseEvent} event
 */
function isOutside(element, { clientX, clientY }) {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
}
