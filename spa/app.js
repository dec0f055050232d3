/** The page: a user signs in, and sees the devices that the account remembers. */

import { loadConfig } from "./config.js";
import { DeviceList } from "./device-list.js";
import { DevicesClient } from "./devices-client.js";
import { Details } from "./dialogs.js";
import { find } from "./dom.js";
import { endOfSession, messageOf } from "./messages.js";
import { Account } from "./sign-in.js";

class Page {
  #header = find(document, "#account", HTMLElement);
  #signIn = find(document, "#sign-in", HTMLElement);
  #form = find(this.#signIn, "form", HTMLFormElement);
  #submit = find(this.#form, "button", HTMLButtonElement);
  #devices = find(document, "#devices", HTMLElement);
  #account;
  #list;
  #details;

  /** @param {import("./config.js").Config} config */
  constructor(config) {
    this.#account = new Account(config);
    const client = new DevicesClient({
      apiUrl: config.apiUrl,
      getAccessToken: ({ refresh }) => this.#account.accessToken({ refresh }),
      onWait: (seconds) => this.#list.announce(`Many requests at the moment: trying again in ${Math.ceil(seconds)} s …`),
    });
    const onError = (/** @type {unknown} */ error) => this.#endIfOver(error);
    this.#list = new DeviceList(client, onError, () => this.#account.dropDevice());
    this.#details = new Details(client, onError);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#enter();
    });
    find(this.#header, "#sign-out", HTMLButtonElement).addEventListener("click", () => this.#end(""));
    addEventListener("hashchange", () => this.#showDetails());
  }

  /** Shows the devices of who is signed in, else the way in. */
  show() {
    if (this.#account.isSignedIn) this.#showDevices();
    else this.#showSignIn("");
  }

  async #enter() {
    const email = find(this.#form, "#email", HTMLInputElement);
    const password = find(this.#form, "#password", HTMLInputElement);
    this.#submit.disabled = true;
    this.#refuse("");
    try {
      await this.#account.signIn(email.value, password.value);
      this.#form.reset();
      this.#showDevices();
      find(this.#devices, "h1", HTMLElement).focus();
    } catch (error) {
      this.#refuse(messageOf(error));
      password.select();
    } finally {
      this.#submit.disabled = false;
    }
  }

  async #showDevices() {
    this.#signIn.hidden = true;
    this.#devices.hidden = this.#header.hidden = false;
    this.#showName();
    await this.#list.load();
    await this.#showDetails();
  }

  async #showDetails() {
    if (!this.#account.isSignedIn) return;
    await this.#details.follow();
    this.#list.announce(""); // that it had to wait
  }

  async #showName() {
    const name = find(this.#header, "#account-name", HTMLElement);
    name.textContent = "";
    name.textContent = await this.#account.name().catch(() => ""); // the list says what is wrong
  }

  /** @param {string} notice Why the user has to sign in. */
  #showSignIn(notice) {
    this.#devices.hidden = this.#header.hidden = true;
    this.#signIn.hidden = false;
    this.#refuse("");
    find(this.#signIn, "#sign-in-notice", HTMLElement).textContent = notice;
    find(this.#form, "#email", HTMLInputElement).focus();
  }

  /** @param {string} why */
  #refuse(why) {
    find(this.#form, "#sign-in-error", HTMLElement).textContent = why;
  }

  /**
   * Ends the session where an error says that it is over.
   *
   * @param {unknown} error
   */
  #endIfOver(error) {
    const reason = endOfSession(error);
    if (reason !== undefined) this.#end(reason);
    return reason !== undefined;
  }

  /** @param {string} reason */
  #end(reason) {
    this.#list.leave();
    this.#details.close();
    find(document, "#forget", HTMLDialogElement).close();
    this.#account.signOut();
    this.#showSignIn(reason);
  }
}

try {
  new Page(await loadConfig()).show();
} catch (error) {
  const broken = find(document, "#broken", HTMLElement);
  broken.textContent = `This page cannot start: ${/** @type {Error} */ (error).message}`;
  broken.hidden = false;
}
