/** The button and the dialog that end all sessions of the user. */

import { find, focusIfLost } from "./dom.js";
import { messageOf } from "./messages.js";

export class SignOutEverywhere {
  #button = find(document, "#sign-out-everywhere", HTMLButtonElement);
  #dialog = find(document, "#everywhere", HTMLDialogElement);
  #confirm = find(this.#dialog, ".danger", HTMLButtonElement);
  #signOut;

  /** @param {() => Promise<void>} signOut Ends all sessions. It rejects if they have not ended. */
  constructor(signOut) {
    this.#signOut = signOut;
    this.#button.addEventListener("click", () => {
      this.#say("");
      this.#dialog.showModal();
    });
    this.#confirm.addEventListener("click", () => this.#end());
    this.#dialog.addEventListener("close", () => focusIfLost(this.#button));
  }

  async #end() {
    this.#say("");
    this.#isEnding = true;
    try {
      await this.#signOut();
      this.#dialog.close();
    } catch (error) {
      this.#say(messageOf(error));
    } finally {
      this.#isEnding = false;
      if (this.#dialog.open) focusIfLost(this.#confirm);
    }
  }

  set #isEnding(/** @type {boolean} */ isEnding) {
    this.#confirm.disabled = isEnding;
    this.#confirm.textContent = isEnding ? "Signing out …" : "Sign out everywhere";
  }

  /** @param {string} problem */
  #say(problem) {
    find(this.#dialog, "[role=alert]", HTMLElement).textContent = problem;
  }
}
