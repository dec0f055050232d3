/** What the apps of amplify.mjs, identity.mjs and sdk.mjs share. It runs in Node and in a browser. */

/**
 * @typedef {{ userPoolId: string, userPoolClientId: string, cognitoEndpoint: string }} Pool
 * @typedef {Pool & { username: string, password: string }} Settings
 * @typedef {Record<string, (...args: any[]) => any>} App
 */

/** A device's storage: localStorage without a browser. */
export class Storage {
  /** @type {Map<string, string>} */
  values = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.values.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.values.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.values.delete(key);
  }

  clear() {
    this.values.clear();
  }

  get length() {
    return this.values.size;
  }

  /** @param {number} index */
  key(index) {
    return [...this.values.keys()][index] ?? null;
  }
}

/**
 * Read or change what a library stored of its device.
 *
 * @param {globalThis.Storage | Storage} storage
 * @param {"deviceKey" | "deviceGroupKey" | "randomPasswordKey"} name
 * @param {string | null} [value] A new value, null to remove the item, or undefined to read it.
 */
export function stored(storage, name, value) {
  const keys = Array.from({ length: storage.length }, (_, index) => String(storage.key(index)));
  const key = keys.find((each) => each.endsWith(`.${name}`));
  if (value === undefined) return key ? storage.getItem(key) : null;
  if (key === undefined) throw new Error(`the library stored no ${name}`);
  if (value === null) storage.removeItem(key);
  else storage.setItem(key, value);
  return value;
}

/** @param {string} token */
export const deviceOf = (token) =>
  JSON.parse(atob(String(token.split(".")[1]).replaceAll("-", "+").replaceAll("_", "/"))).device_key ?? null;

/**
 * Call a method of an app; return its result, or the error that it threw.
 *
 * @param {App} app
 * @param {string} method
 * @param {unknown[]} args
 */
export async function call(app, method, args) {
  try {
    return (await app[method]?.(...args)) ?? null;
  } catch (thrown) {
    const error = /** @type {Error} */ (thrown);
    return { error: `${error.name}: ${error.message}` };
  }
}
