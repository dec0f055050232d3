/** Tells what has happened: to screen readers in a status that stays in the page, to others where it happened. */

import { find, withName } from "./dom.js";

export class News {
  #status = find(document, "#news", HTMLElement);
  /** @type {HTMLElement | undefined} */
  #row;

  /**
   * Replace the news. They stay until the next ones, so that nobody needs to read them in time.
   *
   * @param {string} text "" removes the news.
   * @param {HTMLElement} [item] The item of a list below which the text is shown. Nothing covers the other items.
   * @param {string} [name] The name of a device with which the text begins.
   */
  say(text, item, name = "") {
    this.#row?.remove();
    this.#row = undefined;
    this.#status.replaceChildren(...(text ? withName(name, text) : []));
    if (!text || !item) return;
    this.#row = document.createElement("li");
    this.#row.className = "trace";
    this.#row.setAttribute("aria-hidden", "true"); // the status says the same
    this.#row.append(...withName(name, text));
    item.after(this.#row);
  }
}
