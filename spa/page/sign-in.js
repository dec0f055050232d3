/** Sign users of a Cognito user pool in and out, with Amplify, which keeps the tokens in localStorage. */

import { Amplify } from "aws-amplify";
import { confirmSignIn, fetchAuthSession, rememberDevice, signIn, signOut } from "aws-amplify/auth";
import { AUTH_KEY_PREFIX, cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { defaultStorage, sharedInMemoryStorage } from "aws-amplify/utils";

import "./mod-pow.js";

/** @typedef {import("./config.js").Config} Config */
/** @typedef {"TOTP" | "SMS" | "EMAIL"} Method */
/**
 * @typedef {{ kind: "done" } | { kind: "password" } | { kind: "method", methods: Method[] }
 *   | { kind: "code", method: Method, sentTo?: string }} Step What Cognito asks for next: nothing, a new password, the
 *   choice of a second factor, or its code. `sentTo` is a part of the phone number or address.
 */

const NOT_AUTHORIZED = "NotAuthorizedException";

/** The browser did not store the tokens. Browsers have several names for the error of a full storage. */
const NOT_STORED = "NotStoredException";

/** @type {Record<string, Method>} */
const CODES = {
  CONFIRM_SIGN_IN_WITH_TOTP_CODE: "TOTP",
  CONFIRM_SIGN_IN_WITH_SMS_CODE: "SMS",
  CONFIRM_SIGN_IN_WITH_EMAIL_CODE: "EMAIL",
};

/** What Amplify stores of a device. It stays after the sign-out, so that the browser stays the same device. */
const OF_DEVICE = /\.(?:deviceKey|deviceGroupKey|randomPasswordKey)$/;

/** How long a sign-out waits until Cognito has revoked the tokens. The browser has none of them any more. */
const PATIENCE_MILLISECONDS = 2000;

const { authTokenStore } = cognitoUserPoolsTokenProvider;

/** A sign-in or a refresh failed. `code` is the name of Amplify's or Cognito's error, or the step that is not supported. */
export class SignInError extends Error {
  /** @param {string} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code, { cause });
    this.name = "SignInError";
    this.code = code;
  }
}

/** The user of this browser and that user's tokens. */
export class Account {
  #keys;
  /** @type {Promise<unknown>} All requests for tokens: a sign-out revokes what the last of them brings. */
  #asked = Promise.resolve();

  /** @param {Config} config */
  constructor({ userPoolId, userPoolClientId, cognitoEndpoint }) {
    this.#keys = `${AUTH_KEY_PREFIX}.${userPoolClientId}.`;
    Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: cognitoEndpoint } } });
  }

  /** Whether a user has signed in with this browser. The session may have ended since. */
  get isSignedIn() {
    return localStorage.getItem(`${this.#keys}LastAuthUser`) !== null;
  }

  /**
   * Return whether a storage event of another tab says that a user has signed in or out there.
   *
   * @param {StorageEvent} event
   */
  isChange({ key }) {
    return key === null || key === `${this.#keys}LastAuthUser`;
  }

  /**
   * Start a sign-in. At its end, this browser is a device of the user. Amplify names it after the browser.
   *
   * @param {string} email
   * @param {string} password
   * @returns {Promise<Step>}
   * @throws {SignInError}
   */
  signIn(email, password) {
    return this.#step(() => signIn({ username: email, password }));
  }

  /**
   * Answer what the last step asked for.
   *
   * @param {string} answer A code, a new password, or a Method.
   * @returns {Promise<Step>}
   * @throws {SignInError} `NotAuthorizedException` and `SignInException` mean that the sign-in must start anew.
   */
  answer(answer) {
    return this.#step(() => confirmSignIn({ challengeResponse: answer }));
  }

  /** Remember this device, if the user pool leaves that to its users. */
  async rememberDevice() {
    await rememberDevice().catch(refuse);
  }

  /**
   * Return the user's access token. It is a new one if the old one has expired or `refresh` is true.
   *
   * @param {{ refresh?: boolean }} [options]
   * @throws {SignInError}
   */
  async accessToken({ refresh = false } = {}) {
    return String((await this.#tokens(refresh)).accessToken);
  }

  /** Return the user's email address, or the user name if the ID token has no address. */
  async name() {
    const { accessToken, idToken } = await this.#tokens(false);
    return String(idToken?.payload.email ?? accessToken.payload.username);
  }

  /** Whether this browser still has what it needs to prove that it is the user's device. */
  async hasDevice() {
    return (await authTokenStore.getDeviceMetadata()) !== null;
  }

  /** Remove this browser's device, which Cognito has forgotten, so that the next sign-in registers a new one. */
  async dropDevice() {
    await authTokenStore.clearDeviceMetadata();
  }

  /**
   * Remove the session from this browser at once, and ask Cognito to revoke its tokens. Tokens that arrive later are
   * not stored. Load the page anew afterwards.
   */
  async signOut() {
    this.#copyToMemory();
    this.#removeSession();
    sessionStorage.clear(); // Amplify keeps an unfinished sign-in there
    const revoked = this.#asked.then(() => signOut());
    await Promise.race([revoked, new Promise((resolve) => setTimeout(resolve, PATIENCE_MILLISECONDS))]);
  }

  /** Ask Cognito to end all sessions of the user. Amplify does not tell whether it has: try the access token. */
  async endAllSessions() {
    this.#copyToMemory(); // Amplify removes the tokens even if Cognito did not respond
    await signOut({ global: true });
    authTokenStore.setKeyValueStorage(defaultStorage);
  }

  /**
   * @param {() => Promise<import("aws-amplify/auth").SignInOutput>} ask
   * @returns {Promise<Step>}
   */
  async #step(ask) {
    const output = await ask().catch((error) => {
      if (!(error instanceof DOMException)) return refuse(error);
      this.#removeSession(); // half of a session would look like a signed-in user
      throw new SignInError(NOT_STORED, error);
    });
    return stepOf(output);
  }

  /** @param {boolean} forceRefresh */
  async #tokens(forceRefresh) {
    const asked = fetchAuthSession({ forceRefresh });
    this.#asked = Promise.allSettled([this.#asked, asked]);
    const { tokens } = await asked.catch(async (error) => {
      // Amplify removes the tokens if Cognito refuses them for good, but not if the refresh token is missing.
      const isOver = !(await authTokenStore.loadTokens())?.refreshToken;
      throw new SignInError(isOver ? NOT_AUTHORIZED : error.name, error);
    });
    if (!tokens) throw new SignInError(NOT_AUTHORIZED);
    return tokens;
  }

  /** Let Amplify use a copy of what it has stored. */
  #copyToMemory() {
    for (const key of this.#stored()) sharedInMemoryStorage.setItem(key, localStorage.getItem(key) ?? "");
    authTokenStore.setKeyValueStorage(sharedInMemoryStorage);
  }

  #removeSession() {
    for (const key of this.#stored().filter((each) => !OF_DEVICE.test(each))) localStorage.removeItem(key);
  }

  #stored() {
    return Object.keys(localStorage).filter((key) => key.startsWith(this.#keys));
  }
}

/**
 * @param {import("aws-amplify/auth").SignInOutput} output
 * @returns {Step}
 */
function stepOf({ isSignedIn, nextStep }) {
  if (isSignedIn) return { kind: "done" };
  const method = CODES[nextStep.signInStep];
  if (method) {
    const { destination } = "codeDeliveryDetails" in nextStep ? (nextStep.codeDeliveryDetails ?? {}) : {};
    return { kind: "code", method, sentTo: destination };
  }
  if (nextStep.signInStep === "CONTINUE_SIGN_IN_WITH_MFA_SELECTION") {
    return { kind: "method", methods: nextStep.allowedMFATypes ?? [] };
  }
  // A pool can ask for attributes, too, for which this page has no fields.
  if (nextStep.signInStep === "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED" && !nextStep.missingAttributes?.length) {
    return { kind: "password" };
  }
  throw new SignInError(nextStep.signInStep);
}

/**
 * @param {any} error
 * @returns {never}
 */
function refuse(error) {
  throw new SignInError(String(error?.name), error);
}
