/** A browser's storage that can be revoked, so that a response after the sign-out stores nothing. */

/** Has the methods of Storage that amazon-cognito-identity-js calls. */
export class RevocableStorage {
  /** @type {Storage | undefined} */
  #storage;

  /** @param {Storage} storage */
  constructor(storage) {
    this.#storage = storage;
  }

  get isRevoked() {
    return this.#storage === undefined;
  }

  /** Detach from the storage: later calls neither read nor change it. What is stored stays there. */
  revoke() {
    this.#storage = undefined;
  }

  /** @param {string} key */
  getItem(key) {
    return this.#storage?.getItem(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.#storage?.setItem(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#storage?.removeItem(key);
  }

  clear() {
    this.#storage?.clear();
  }
}
