/** Sign users of a Cognito user pool in and out, with amazon-cognito-identity-js. It keeps tokens in localStorage. */

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { RevocableStorage } from "./storage.js";

/** @typedef {import("./config.js").Config} Config */
/** @typedef {import("amazon-cognito-identity-js").CognitoUserSession} CognitoUserSession */

const NOT_AUTHORIZED = "NotAuthorizedException";

/** A sign-in or a refresh failed. `code` is Cognito's, `NetworkError`, or the challenge that is not supported. */
export class SignInError extends Error {
  /** @param {string} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code, { cause });
    this.name = "SignInError";
    this.code = code;
  }
}

/** The user of this browser and that user's tokens, from sign-in to sign-out. */
export class Account {
  #storage = new RevocableStorage(localStorage);
  #pool;
  #user;
  /** @type {Map<string, Promise<CognitoUserSession>>} Pending requests, which all callers share. */
  #pending = new Map();

  /** @param {Config} config */
  constructor({ userPoolId, userPoolClientId, cognitoEndpoint }) {
    this.#pool = new CognitoUserPool({
      UserPoolId: userPoolId,
      ClientId: userPoolClientId,
      endpoint: cognitoEndpoint,
      Storage: this.#storage,
    });
    stopRetriesOfRefusals(this.#pool);
    this.#user = this.#pool.getCurrentUser();
  }

  /** Whether a user has signed in with this browser. The session may have ended since. */
  get isSignedIn() {
    return this.#user !== null;
  }

  /**
   * Sign a user in; the browser becomes a device of that user, named after navigator.userAgent.
   *
   * @param {string} email
   * @param {string} password
   */
  async signIn(email, password) {
    const user = new CognitoUser({ Username: email, Pool: this.#pool, Storage: this.#storage });
    await new Promise((resolve, reject) => {
      /** @param {string} challenge */
      const refuse = (challenge) => () => reject(new SignInError(challenge));
      user.authenticateUser(new AuthenticationDetails({ Username: email, Password: password }), {
        onSuccess: resolve,
        onFailure: (error) => reject(new SignInError(codeOf(error), error)),
        newPasswordRequired: refuse("NEW_PASSWORD_REQUIRED"),
        mfaRequired: refuse("MFA"),
        totpRequired: refuse("MFA"),
        mfaSetup: refuse("MFA"),
        selectMFAType: refuse("MFA"),
        customChallenge: refuse("CUSTOM_CHALLENGE"),
      });
    });
    this.#user = user;
  }

  /**
   * Return the user's access token. It is a new one if the old one has expired or `refresh` is true.
   *
   * @param {{ refresh?: boolean }} [options]
   * @throws {SignInError}
   */
  async accessToken({ refresh = false } = {}) {
    const session = await this.#session();
    return (refresh ? await this.#refreshed(session) : session).getAccessToken().getJwtToken();
  }

  /** Return the user's email address, or the user name if the ID token has no address. */
  async name() {
    const { email } = (await this.#session()).getIdToken().payload;
    return String(email ?? this.#user?.getUsername());
  }

  /** End the session in this browser at once, and ask Cognito to revoke the refresh token. */
  signOut() {
    // The library's own global sign-out removes the tokens only after Cognito responds, which a closed tab misses.
    const session = this.#user?.getSignInUserSession();
    this.#user?.signOut();
    this.#storage.revoke();
    if (session) this.#revoke(session);
  }

  /** Remove this browser's device, which Cognito has forgotten, so that the next sign-in registers a new one. */
  dropDevice() {
    this.#user?.clearCachedDeviceKeyAndPassword();
  }

  #session() {
    return this.#ask("session", (user, done) => user.getSession(done));
  }

  /** @param {CognitoUserSession} session */
  #refreshed(session) {
    return this.#ask("refresh", (user, done) => user.refreshSession(session.getRefreshToken(), done));
  }

  /**
   * @param {string} what
   * @param {(user: InstanceType<typeof CognitoUser>, done: (error: Error | null, session: any) => void) => void} ask
   * @returns {Promise<CognitoUserSession>}
   */
  #ask(what, ask) {
    const user = this.#user;
    if (user === null || this.#storage.isRevoked) return Promise.reject(new SignInError(NOT_AUTHORIZED));
    const known = this.#pending.get(what);
    if (known) return known;
    /** @type {Promise<CognitoUserSession>} */
    const session = new Promise((resolve, reject) => {
      ask(user, (error, result) => {
        if (error) reject(new SignInError(codeOf(error), error));
        else if (this.#storage.isRevoked) {
          this.#revoke(result);
          reject(new SignInError(NOT_AUTHORIZED));
        } else resolve(result);
      });
    });
    this.#pending.set(what, session);
    return session.finally(() => this.#pending.delete(what));
  }

  /** @param {CognitoUserSession} session */
  #revoke(session) {
    this.#user?.revokeToken({ token: session.getRefreshToken().getToken(), callback: () => {} });
  }
}

/**
 * Stop the library from retrying for six seconds what Cognito refuses for good, such as a revoked refresh token.
 *
 * @param {import("amazon-cognito-identity-js").CognitoUserPool} pool
 */
function stopRetriesOfRefusals({ client }) {
  const request = client.request.bind(client);
  client.request = (operation, parameters, done) =>
    request(operation, parameters, (error, result) => {
      if (error?.code === NOT_AUTHORIZED) error.nonRetryable = true;
      done(error, result);
    });
}

/**
 * Return Cognito's error code. The library's own errors have none: they mean that the browser has no complete session,
 * or, as TypeErrors, that the response was not Cognito's.
 *
 * @param {unknown} error
 */
const codeOf = (error) => String(Object(error).code ?? (error instanceof TypeError ? "UnreadableAnswer" : NOT_AUTHORIZED));
