/** The page: users sign in, and see the devices that their account remembers. */

import { DeviceList } from "./device-list.js";
import { Details } from "./details.js";
import { DevicesClient } from "../client/devices-client.js";
import { find } from "./dom.js";
import { endOfSession, messageOf } from "./messages.js";
import { Account } from "./sign-in.js";

export class Page {
  #header = find(document, "#account", HTMLElement);
  #signIn = find(document, "#sign-in", HTMLElement);
  #form = find(this.#signIn, "form", HTMLFormElement);
  #submit = find(this.#form, "button", HTMLButtonElement);
  #devices = find(document, "#devices", HTMLElement);
  #config;
  #account;
  #list;
  #details;

  /** @param {import("./config.js").Config} config */
  constructor(config) {
    this.#config = config;
    this.#account = new Account(config);
    const client = new DevicesClient({
      apiUrl: config.apiUrl,
      getAccessToken: ({ refresh }) => this.#account.accessToken({ refresh }),
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
    addEventListener("storage", (event) => this.#follow(event));
  }

  /** Show the signed-in user's devices, or the sign-in form. */
  show() {
    if (this.#account.isSignedIn) this.#showDevices();
    else this.#showSignIn("");
  }

  async #enter() {
    const email = find(this.#form, "#email", HTMLInputElement);
    const password = find(this.#form, "#password", HTMLInputElement);
    this.#isEntering = true;
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
      this.#isEntering = false;
    }
  }

  set #isEntering(/** @type {boolean} */ isEntering) {
    this.#submit.disabled = isEntering;
    this.#submit.textContent = isEntering ? "Signing in …" : "Sign in";
  }

  async #showDevices() {
    this.#signIn.hidden = true;
    this.#devices.hidden = this.#header.hidden = false;
    this.#showName();
    await this.#list.load();
    await this.#showDetails();
  }

  async #showDetails() {
    if (this.#account.isSignedIn) await this.#details.follow();
  }

  async #showName() {
    const account = this.#account;
    const name = find(this.#header, "#account-name", HTMLElement);
    name.textContent = "";
    const text = await account.name().catch(() => ""); // the list shows the error
    if (account === this.#account) name.textContent = text;
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
   * End the session if an error says that it has ended, and return whether it has.
   *
   * @param {unknown} error
   */
  #endIfOver(error) {
    const reason = endOfSession(error);
    if (reason !== undefined) this.#end(reason);
    return reason !== undefined;
  }

  /** @param {string} reason Shown above the sign-in form. */
  #end(reason) {
    this.#list.leave();
    this.#details.close();
    find(document, "#forget", HTMLDialogElement).close();
    this.#account.signOut();
    this.#account = new Account(this.#config);
    this.#showSignIn(reason);
  }

  /**
   * Reload the page after a sign-in or sign-out in another tab, because all tabs of a browser share one session.
   *
   * @param {StorageEvent} event
   */
  #follow({ key }) {
    if (key === null || key.endsWith(".LastAuthUser")) location.reload();
  }
}
