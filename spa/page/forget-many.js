/** Forgets all other devices, or those that were not used for long: a dialog that asks, shows progress, and reports. */

import { deviceName } from "../client/index.js";
import { UNUSED_DAYS, isUnused } from "./ages.js";
import { find, focusIfLost, withName } from "./dom.js";
import { messageOf, waiting } from "./messages.js";
import { ACCESS_TOKEN_SECONDS } from "./question.js";
import { clockIn, devices } from "./words.js";

/** @typedef {import("../client/index.js").Device} Device */
/** @typedef {import("../client/index.js").DevicesClient} DevicesClient */
/**
 * @typedef {object} Choice What a button forgets.
 * @property {string} button Its selector.
 * @property {(number: number) => string} label Of the button.
 * @property {string} which The devices in words, for the question.
 * @property {(device: Device) => boolean} only Whether a device is one of them, unless it is the one in use.
 */

/** @type {Choice} */
const OTHERS = {
  button: "#forget-others",
  label: () => "Forget all others",
  which: "These are all devices but the one that you are using.",
  only: () => true,
};
/** @type {Choice} */
const UNUSED = {
  button: "#forget-unused",
  label: (number) => `Forget these ${devices(number)}`,
  which: `These devices were not used for more than ${UNUSED_DAYS} days.`,
  only: isUnused,
};

/** How often screen readers hear of the progress. */
const REPORTS = 4;

export class ForgetMany {
  #page = find(document, "#devices", HTMLElement);
  #dialog = find(document, "#forget-many", HTMLDialogElement);
  #progress = find(this.#dialog, "progress", HTMLProgressElement);
  #client;
  #onError;
  #onEnd;
  #choice = OTHERS;
  /** @type {Device[]} */
  #listed = [];
  #stop = new AbortController();

  /**
   * @param {DevicesClient} client
   * @param {(error: unknown) => boolean} onError Called with each error; returns whether it has handled it.
   * @param {() => void} onEnd Called when devices may have been forgotten.
   */
  constructor(client, onError, onEnd) {
    this.#client = client;
    this.#onError = onError;
    this.#onEnd = onEnd;
    for (const choice of [OTHERS, UNUSED]) this.#on(choice.button, this.#page, () => this.#ask(choice));
    for (const close of [".keep", ".finish"]) this.#on(close, this.#dialog, () => this.#dialog.close());
    for (const run of [".confirm", ".again"]) this.#on(run, this.#dialog, () => this.#run());
    this.#on(".stop", this.#dialog, () => this.#stop.abort());
    this.#dialog.addEventListener("cancel", (event) => {
      if (this.#stop.signal.aborted) return;
      event.preventDefault(); // Escape stops, and leaves the dialog open for its report
      this.#stop.abort();
    });
    this.#dialog.addEventListener("close", () => {
      this.#stop.abort();
      focusIfLost(find(this.#page, "h1", HTMLElement));
    });
  }

  /**
   * Offer to forget several of these devices, if there are several.
   *
   * @param {Device[]} listed
   */
  offer(listed) {
    this.#listed = listed;
    for (const choice of [OTHERS, UNUSED]) {
      const number = this.#count(choice);
      const button = find(this.#page, choice.button, HTMLButtonElement);
      button.hidden = number < 2;
      button.textContent = choice.label(number);
    }
  }

  /** Stop, and close the dialog. */
  leave() {
    this.#dialog.close();
  }

  /** @param {Choice} choice */
  #count({ only }) {
    return this.#listed.filter((device) => !device.current && only(device)).length;
  }

  /** @param {Choice} choice */
  #ask(choice) {
    this.#choice = choice;
    this.#stop.abort(); // nothing to stop yet
    const number = this.#count(choice);
    this.#show("ask", `Forget ${number} devices?`);
    find(this.#dialog, ".which", HTMLElement).textContent = choice.which;
    find(this.#dialog, ".confirm", HTMLElement).textContent = `Forget ${number} devices`;
    this.#dialog.showModal();
  }

  async #run() {
    const { signal } = (this.#stop = new AbortController());
    const progress = { done: 0, total: 0 };
    this.#show("running", "Forgetting devices …");
    this.#sayProgress("");
    this.#progress.removeAttribute("value");
    find(this.#dialog, ".stop", HTMLButtonElement).focus();
    try {
      const { forgotten, left } = await this.#client.forgetOthers({
        only: this.#choice.only,
        signal,
        onProgress: (now) => this.#follow(Object.assign(progress, now)),
        onWait: (seconds) => {
          this.#tell(waiting(seconds));
          this.#sayProgress(waiting(seconds));
        },
      });
      const problems = new Set(left.map(({ error }) => messageOf(error)));
      this.#report(forgotten, progress.total, [...problems].join(" "), left.map(({ device }) => device));
    } catch (error) {
      if (!signal.aborted && this.#onError(error)) return;
      this.#report(progress.done, progress.total, signal.aborted ? "" : messageOf(error), []);
    }
    this.#onEnd();
  }

  /** @param {{ done: number, total: number }} progress */
  #follow({ done, total }) {
    this.#progress.max = Math.max(total, 1);
    this.#progress.value = done;
    const text = `${done} of ${devices(total)}`;
    if (done % Math.ceil(total / REPORTS) === 0) this.#tell(text);
    this.#sayProgress(text);
  }

  /**
   * @param {number} forgotten
   * @param {number} total
   * @param {string} problem "" if there was none.
   * @param {Device[]} left Devices that were not forgotten, as far as they are known.
   */
  #report(forgotten, total, problem, left) {
    const isDone = !problem && forgotten === total;
    this.#stop.abort();
    const title = isDone ? `${devices(total)} forgotten` : `${forgotten} of ${devices(total)} forgotten`;
    this.#show("ended", total ? title : "No device is forgotten");
    const others = `Whoever is signed in on ${forgotten === 1 ? "it" : "them"} will be signed out by ${clockIn(ACCESS_TOKEN_SECONDS)}.`;
    const result = [forgotten ? others : "", isDone || problem ? "" : "You stopped. The other devices stay as they are."];
    find(this.#dialog, ".result", HTMLElement).textContent = result.filter(Boolean).join(" ");
    find(this.#dialog, ".notice", HTMLElement).hidden = !problem;
    find(this.#dialog, ".problem", HTMLElement).textContent = problem;
    find(this.#dialog, ".left", HTMLElement).hidden = left.length === 0;
    find(this.#dialog, ".left ul", HTMLUListElement).replaceChildren(...left.map(itemOf));
    find(this.#dialog, ".again", HTMLElement).hidden = !problem;
    find(this.#dialog, ".finish", HTMLElement).focus();
    this.#tell([this.#title.textContent, problem].filter(Boolean).join(". "));
  }

  get #title() {
    return find(this.#dialog, "h2", HTMLElement);
  }

  /**
   * @param {"ask" | "running" | "ended"} step
   * @param {string} title
   */
  #show(step, title) {
    this.#title.textContent = title;
    for (const each of ["ask", "running", "ended"]) find(this.#dialog, `.${each}`, HTMLElement).hidden = each !== step;
    this.#tell("");
  }

  /** @param {string} text */
  #sayProgress(text) {
    find(this.#dialog, ".so-far", HTMLElement).textContent = text;
  }

  /** @param {string} text For screen readers. */
  #tell(text) {
    find(this.#dialog, "[role=status]", HTMLElement).textContent = text;
  }

  /**
   * @param {string} button
   * @param {HTMLElement} root
   * @param {() => void} act
   */
  #on(button, root, act) {
    find(root, button, HTMLButtonElement).addEventListener("click", act);
  }
}

/** @param {Device} device */
function itemOf(device) {
  const item = document.createElement("li");
  item.append(...withName(deviceName(device).name, ""));
  return item;
}
