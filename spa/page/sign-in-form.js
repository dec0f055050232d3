/** The forms of the sign-in, one for each step: email and password, second factor, code, new password. */

import { find, findAll } from "./dom.js";
import { messageOf, mustStartAnew } from "./messages.js";

/** @typedef {import("./sign-in.js").Account} Account */
/** @typedef {import("./sign-in.js").Step} Step */
/** @typedef {Exclude<Step["kind"], "done"> | "credentials"} FormName */

export class SignInForm {
  #section = find(document, "#sign-in", HTMLElement);
  #title = find(this.#section, "h1", HTMLElement);
  #notice = find(this.#section, "#sign-in-notice", HTMLElement);
  #email = find(this.#section, "#email", HTMLInputElement);
  #remember = find(this.#section, "#remember", HTMLInputElement);
  #account;
  #onSignedIn;
  #isSending = false;

  /**
   * @param {Account} account
   * @param {boolean} asksToRemember Whether the user pool leaves it to its users to remember a device.
   * @param {() => void} onSignedIn
   */
  constructor(account, asksToRemember, onSignedIn) {
    this.#account = account;
    this.#onSignedIn = onSignedIn;
    find(this.#section, "#remember-choice", HTMLElement).hidden = !asksToRemember;
    this.#listen("credentials", "#password", (password) => account.signIn(this.#email.value, password));
    this.#listen("method", "[name=method]", (method) => account.answer(method));
    // Authenticator apps and messages show codes in groups of digits.
    this.#listen("code", "#code", (code) => account.answer(code.replace(/\s/g, "")));
    this.#listen("password", "#new-password", (password) => account.answer(password));
    for (const box of findAll(this.#section, ".show-password", HTMLInputElement)) {
      box.addEventListener("change", () => showPassword(box));
    }
    for (const button of findAll(this.#section, ".back", HTMLButtonElement)) {
      button.addEventListener("click", () => this.#startAgain());
    }
  }

  /**
   * Ask for email and password.
   *
   * @param {string} notice Why the user has to sign in, or "".
   */
  show(notice) {
    this.#section.hidden = false;
    this.#notice.textContent = notice;
    this.#open("credentials", "Sign in", this.#email);
  }

  /**
   * @param {FormName} name
   * @param {string} selector Of the inputs with the answer.
   * @param {(answer: string) => Promise<Step>} send
   */
  #listen(name, selector, send) {
    const form = this.#form(name);
    const inputs = findAll(form, selector, HTMLInputElement);
    const submit = find(form, "[type=submit]", HTMLButtonElement);
    const usual = submit.textContent;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const [input] = inputs.filter((each) => each.type !== "radio" || each.checked);
      if (!input) return;
      showProblem(form, "");
      hidePasswords(form);
      this.#isSending = submit.disabled = true;
      submit.textContent = name === "credentials" ? "Signing in …" : "Checking …";
      try {
        await this.#follow(await send(input.value));
      } catch (error) {
        this.#fail(name, input, error);
      } finally {
        this.#isSending = submit.disabled = false;
        submit.textContent = usual;
      }
    });
  }

  #startAgain() {
    // Nothing else stops Amplify: it signs the user in as soon as Cognito responds, although another one may have begun.
    if (this.#isSending) location.reload();
    else this.show("");
  }

  /** @param {Step} step */
  async #follow(step) {
    switch (step.kind) {
      case "done":
        // The list offers it again if this fails.
        if (this.#remember.checked) await this.#account.rememberDevice().catch(console.error);
        for (const form of findAll(this.#section, "form", HTMLFormElement)) form.reset();
        this.#section.hidden = true;
        this.#onSignedIn();
        break;
      case "method":
        for (const input of findAll(this.#section, "[name=method]", HTMLInputElement)) {
          input.disabled = !step.methods.some((method) => method === input.value);
          find(this.#section, `[data-method=${input.value}]`, HTMLElement).hidden = input.disabled;
        }
        this.#open("method", "Confirm that it is you", this.#title);
        break;
      case "code":
        find(this.#section, "#code-hint", HTMLElement).textContent = hintOf(step);
        this.#open("code", "Enter your code", find(this.#section, "#code", HTMLInputElement));
        break;
      case "password":
        // Password managers store the new password under this name.
        find(this.#form("password"), "[autocomplete=username]", HTMLInputElement).value = this.#email.value;
        this.#open("password", "Choose a password", find(this.#section, "#new-password", HTMLInputElement));
    }
  }

  /**
   * @param {FormName} name
   * @param {HTMLInputElement} input
   * @param {unknown} error
   */
  #fail(name, input, error) {
    if (name !== "credentials" && mustStartAnew(error)) {
      this.show("Your sign-in took too long, or failed too often. Start again.");
      return;
    }
    showProblem(this.#form(name), messageOf(error));
    input.focus();
    if (input.type !== "radio") input.select();
  }

  /**
   * @param {FormName} name
   * @param {string} title
   * @param {HTMLElement} focused
   */
  #open(name, title, focused) {
    this.#title.textContent = title;
    find(this.#section, ".lead", HTMLElement).hidden = name !== "credentials";
    if (name !== "credentials") this.#notice.textContent = "";
    for (const form of findAll(this.#section, "form", HTMLFormElement)) {
      form.hidden = form !== this.#form(name);
      showProblem(form, "");
      for (const input of findAll(form, "input:not(#email, [type=checkbox], [type=radio])", HTMLInputElement)) {
        input.value = "";
      }
    }
    focused.focus();
  }

  /** @param {FormName} name */
  #form(name) {
    return find(this.#section, `#${name}-form`, HTMLFormElement);
  }
}

/** @param {Extract<Step, { kind: "code" }>} step */
function hintOf({ method, sentTo }) {
  if (method === "TOTP") return "Your authenticator app shows a code for this account.";
  const to = sentTo ?? (method === "SMS" ? "your phone" : "your email address");
  return `We sent a code to ${to}.`;
}

/** @param {HTMLFormElement} form @param {string} why */
function showProblem(form, why) {
  find(form, "[role=alert]", HTMLElement).textContent = why;
}

/** @param {HTMLInputElement} box A form's checkbox. */
function showPassword(box) {
  for (const input of findAll(box.form ?? document, "[autocomplete$=password]", HTMLInputElement)) {
    input.type = box.checked ? "text" : "password";
  }
}

/**
 * Hide the passwords again: browsers offer to save a password only from its own kind of field.
 *
 * @param {HTMLFormElement} form
 */
function hidePasswords(form) {
  for (const box of findAll(form, ".show-password", HTMLInputElement)) {
    box.checked = false;
    showPassword(box);
  }
}
