/** The page: users sign in, and see the devices that their account remembers. */

import { DevicesClient } from "../client/index.js";
import { DeviceList } from "./device-list.js";
import { Details } from "./details.js";
import { find, pageUrl } from "./dom.js";
import { endOfSession } from "./messages.js";
import { SignInForm } from "./sign-in-form.js";
import { Account, SignInError } from "./sign-in.js";
import { SignOutEverywhere } from "./sign-out-everywhere.js";

/** The message for the sign-in form after the page was loaded anew, in sessionStorage. */
const NOTICE = "sign-in-notice";

export class Page {
  #header = find(document, "#account", HTMLElement);
  #devices = find(document, "#devices", HTMLElement);
  #config;
  #account;
  #form;
  #client;
  #list;
  #details;
  #isOver = false;

  /** @param {import("./config.js").Config} config */
  constructor(config) {
    this.#config = config;
    this.#account = new Account(config);
    this.#form = new SignInForm(this.#account, config.askToRemember === true, () => this.#enter());
    const client = (this.#client = clientOf(config, ({ refresh }) => this.#account.accessToken({ refresh })));
    const onError = (/** @type {unknown} */ error) => this.#endIfOver(error);
    this.#list = new DeviceList(client, {
      onError,
      onGone: () => this.#account.dropDevice(),
      hasDevice: () => this.#account.hasDevice(),
    });
    this.#details = new Details(client, {
      onError,
      onForget: (device) => this.#list.forget(device),
      onStopRemembering: (device) => this.#list.setRemembered(device, false),
    });
    new SignOutEverywhere(() => this.#endEverywhere().catch((error) => {
      if (!this.#endIfOver(error)) throw error;
    }));
    find(this.#header, "#sign-out", HTMLButtonElement).addEventListener("click", () => this.#end(""));
    addEventListener("hashchange", () => this.#showDetails());
    // A page that Back brings out of the browser's memory has missed what other tabs did.
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) location.reload();
    });
    // All tabs of a browser share one session.
    addEventListener("storage", (event) => {
      if (this.#account.isChange(event)) this.#follow();
    });
  }

  /** Show the signed-in user's devices, or the sign-in form. */
  show() {
    const notice = sessionStorage.getItem(NOTICE) ?? "";
    sessionStorage.removeItem(NOTICE);
    if (this.#account.isSignedIn) this.#showDevices();
    else this.#form.show(notice);
  }

  #enter() {
    this.#showDevices();
    find(this.#devices, "h1", HTMLElement).focus();
  }

  async #showDevices() {
    this.#devices.hidden = this.#header.hidden = false;
    this.#showName();
    await this.#list.load();
    await this.#showDetails();
  }

  async #showDetails() {
    if (this.#account.isSignedIn) await this.#details.follow();
  }

  async #showName() {
    const name = await this.#account.name().catch(() => ""); // the list shows the error
    find(this.#header, "#account-name", HTMLElement).textContent = name;
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

  /**
   * End all sessions of the user.
   *
   * @throws {SignInError} This session has not ended, so the others have not either.
   */
  async #endEverywhere() {
    // Cognito and the API would refuse an expired token, as if all sessions had ended. So let the client renew it first.
    await readFrom(this.#client);
    const token = await this.#account.accessToken();
    await this.#account.endAllSessions();
    const error = await readFrom(clientOf(this.#config, async () => token)).catch((reason) => reason);
    if (endOfSession(error) === undefined) throw error ?? new SignInError("SESSIONS_CONTINUE");
    await this.#end("You are signed out on all devices. Other apps may take up to an hour to notice it.");
  }

  /**
   * Sign out, and load the page anew, so that nothing of the user stays in the document or in a pending request.
   *
   * @param {string} notice For the sign-in form.
   */
  async #end(notice) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#list.leave();
    this.#details.leave();
    const news = Object.assign(document.createElement("p"), { className: "state", textContent: "Signing out …" });
    news.setAttribute("role", "status");
    document.body.replaceChildren(news);
    await this.#account.signOut();
    if (notice) sessionStorage.setItem(NOTICE, notice);
    if (!navigator.onLine) {
      // The browser would show its own error in place of the page.
      news.textContent = "You are signed out. You are offline: the page continues once you are online.";
      await new Promise((resolve) => addEventListener("online", resolve, { once: true }));
    }
    location.replace(pageUrl());
  }

  /** Follow another tab's sign-in or sign-out. */
  #follow() {
    if (this.#account.isSignedIn) location.reload();
    else this.#end(""); // a pending response may have stored tokens after the other tab had removed them
  }
}

/**
 * @param {import("./config.js").Config} config
 * @param {import("../client/index.js").GetAccessToken} getAccessToken
 */
const clientOf = ({ apiUrl }, getAccessToken) => new DevicesClient({ apiUrl, getAccessToken });

/**
 * Send the smallest request, and reject if the API refuses the token.
 *
 * @param {DevicesClient} client
 */
async function readFrom(client) {
  await client.pages({ limit: 1 }).next();
}
