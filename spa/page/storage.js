/** A browser's storage, until it is taken away: who is late with an answer then stores nothing of it. */

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

  /** Has no effect on what is stored. */
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
