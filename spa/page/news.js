/** Tells what has happened: to screen readers in a status that stays in the page, to others where it happened. */

import { find } from "./dom.js";

export class News {
  #status = find(document, "#news", HTMLElement);
  /** @type {HTMLElement | undefined} */
  #row;

  /**
   * Replace the news. They stay until the next ones, so that nobody needs to read them in time.
   *
   * @param {string} text "" removes the news.
   * @param {HTMLElement} [item] The item of a list below which the text is shown. Nothing covers the other items.
   */
  say(text, item) {
    this.#row?.remove();
    this.#row = undefined;
    this.#status.textContent = text;
    if (!text || !item) return;
    this.#row = document.createElement("li");
    this.#row.className = "trace";
    this.#row.setAttribute("aria-hidden", "true"); // the status says the same
    this.#row.textContent = text;
    item.after(this.#row);
  }
}
