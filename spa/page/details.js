/** The dialog with all facts about one device. Its URL is the page's with `#device=KEY`. */

import { find, focusIfLost } from "./dom.js";
import { messageOf, waiting } from "./messages.js";
import { describe, exactly, showTime } from "./words.js";

/** @typedef {import("../client/devices-client.js").Device} Device */
/** @typedef {import("../client/devices-client.js").DevicesClient} DevicesClient */

export class Details {
  #dialog = find(document, "#details", HTMLDialogElement);
  #client;
  #onError;
  #leave = new AbortController();
  #isShown = false;

  /**
   * @param {DevicesClient} client
   * @param {(error: unknown) => boolean} onError Called with each error; returns whether it has handled it.
   */
  constructor(client, onError) {
    this.#client = client;
    this.#onError = onError;
    this.#dialog.addEventListener("close", () => this.#closed());
  }

  /** Show the device that the URL names, or close the dialog if the URL names none. */
  async follow() {
    const deviceKey = new URLSearchParams(location.hash.slice(1)).get("device");
    this.#isShown = deviceKey !== null;
    this.#leave.abort();
    if (deviceKey === null) return this.close();
    const { signal } = (this.#leave = new AbortController());
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#say({ news: "Loading …" });
    try {
      const onWait = (/** @type {number} */ seconds) => this.#say({ news: waiting(seconds) });
      this.#show(await this.#client.get(deviceKey, { signal, onWait }));
    } catch (error) {
      if (signal.aborted || this.#onError(error)) return;
      this.#say({ problem: messageOf(error) });
    }
  }

  /** Close the dialog, if it is open. */
  close() {
    this.#dialog.close();
  }

  /** Abort the request, and ignore its response. */
  leave() {
    this.#leave.abort();
  }

  #closed() {
    if (this.#dialog.open) return; // reopened before this event arrived
    focusIfLost(find(document, "#devices-title", HTMLElement));
    if (!this.#isShown) return; // closed because the URL changed, so leave the URL as it is
    this.#isShown = false;
    this.#leave.abort();
    history.replaceState(null, "", location.pathname + location.search);
  }

  /** @param {{ news?: string, problem?: string }} state Without both, the device's facts are shown. */
  #say({ news = "", problem = "" }) {
    if (news || problem) find(this.#dialog, "#details-title bdi", HTMLElement).textContent = "Device";
    find(this.#dialog, "#details-news", HTMLElement).textContent = news;
    find(this.#dialog, "#details-problem", HTMLElement).textContent = problem;
    find(this.#dialog, "#details-facts", HTMLElement).hidden = news !== "" || problem !== "";
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
    find(this.#dialog, ".current", HTMLElement).hidden = !device.current;
    showTime(find(this.#dialog, ".last-seen", HTMLTimeElement), device.lastAuthenticatedAt, exactly);
    showTime(find(this.#dialog, ".last-changed", HTMLTimeElement), device.lastModifiedAt, exactly);
    showTime(find(this.#dialog, ".first-seen", HTMLTimeElement), device.createdAt, exactly);
    this.#say({});
  }
}
