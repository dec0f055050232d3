/**
 * A client of the Cognito device API, for pages: fetch, and nothing else.
 *
 *     const client = new DevicesClient({ apiUrl, getAccessToken });
 *     const devices = await client.list();
 *
 * Every failure is a DevicesError, whose `type` is what to switch on. An abort rejects with the signal's reason.
 */

import { DevicesError, answerTo, bodyOf, errorOf, unreadable } from "./devices-error.js";

export { DevicesError };

/** @typedef {import("./api.d.ts").components["schemas"]} Schemas */
/** @typedef {Schemas["Device"]} Device */
/** @typedef {{ signal?: AbortSignal }} Options */
/** @typedef {(asked: { refresh: boolean, signal?: AbortSignal }) => Promise<string>} GetAccessToken */

const MAX_TRIES = 4;
const MAX_WAIT_SECONDS = 30;

/** Reads and changes the devices of the user whose access tokens it is given. */
export class DevicesClient {
  #apiUrl;
  #getAccessToken;
  #onWait;

  /**
   * @param {object} settings
   * @param {string} settings.apiUrl The API's base URL, with the stage, such as `https://…amazonaws.com/v1`.
   * @param {GetAccessToken} settings.getAccessToken Returns the user's access token; a new one if `refresh` is true.
   *   What it throws, the client's methods throw.
   * @param {(seconds: number) => void} [settings.onWait] Told before the client waits because of too many requests.
   */
  constructor({ apiUrl, getAccessToken, onWait = () => {} }) {
    this.#apiUrl = apiUrl.replace(/\/+$/, "");
    this.#getAccessToken = getAccessToken;
    this.#onWait = onWait;
  }

  /**
   * Yields the user's remembered devices page by page, as they arrive; no device comes twice.
   *
   * @param {Options & { limit?: number }} [options] `limit`: most devices of a page, 1 to 60.
   * @returns {AsyncGenerator<Device[], void, void>}
   */
  async *pages({ limit, signal } = {}) {
    const keys = new Set();
    const tokens = new Set();
    /** @type {string | null} */
    let nextToken = null;
    do {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set("limit", String(limit));
      if (nextToken !== null) query.set("nextToken", nextToken);
      const page = /** @type {Schemas["DeviceList"]} */ (
        await this.#json("GET", `/devices${query.size ? `?${query}` : ""}`, signal, isDeviceList)
      );
      yield page.devices.filter(({ deviceKey }) => !keys.has(deviceKey) && keys.add(deviceKey));
      nextToken = page.nextToken;
      if (tokens.has(nextToken)) throw new DevicesError("unreadable-answer", "The list leads back to itself.");
      tokens.add(nextToken);
    } while (nextToken !== null);
  }

  /**
   * Returns all remembered devices of the user, however many pages they take.
   *
   * @param {Options} [options]
   * @returns {Promise<Device[]>}
   */
  async list({ signal } = {}) {
    const devices = [];
    for await (const page of this.pages({ signal })) devices.push(...page);
    return devices;
  }

  /**
   * Returns one remembered device.
   *
   * @param {string} deviceKey The device's key, or `current` for the one that the access token was issued to.
   * @param {Options} [options]
   * @returns {Promise<Device>}
   */
  async get(deviceKey, { signal } = {}) {
    return /** @type {Device} */ (await this.#json("GET", pathOf(deviceKey), signal, isDevice));
  }

  /**
   * Remembers a device, or remembers it no longer; then it is no longer found, but can be remembered again.
   *
   * @param {string} deviceKey As for `get`.
   * @param {boolean} remembered
   * @param {Options} [options]
   */
  async setRemembered(deviceKey, remembered, { signal } = {}) {
    /** @type {Schemas["StatusChange"]} */
    const change = { remembered };
    await this.#send("PATCH", pathOf(deviceKey), signal, JSON.stringify(change));
  }

  /**
   * Forgets a device for good.
   *
   * @param {string} deviceKey As for `get`.
   * @param {Options} [options]
   */
  async forget(deviceKey, { signal } = {}) {
    await this.#send("DELETE", pathOf(deviceKey), signal);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {AbortSignal | undefined} signal
   * @param {(body: any) => boolean} isExpected
   */
  async #json(method, path, signal, isExpected) {
    const response = await this.#send(method, path, signal);
    const body = await bodyOf(response, signal);
    if (!isExpected(body)) throw unreadable(response);
    return body;
  }

  /**
   * Sends a request until it succeeds: once more with a new token, and again after each wait that the API asks for.
   *
   * @param {string} method
   * @param {string} path
   * @param {AbortSignal | undefined} signal
   * @param {string} [body]
   */
  async #send(method, path, signal, body) {
    const send = (/** @type {string} */ token) => {
      const headers = { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) };
      return answerTo(`${this.#apiUrl}${path}`, { method, headers, body, signal });
    };
    let token = await this.#getAccessToken({ refresh: false, signal });
    let isNew = false;
    let response = await send(token);
    for (let tries = 1; !response.ok; tries += 1) {
      const error = await errorOf(response, signal);
      if (error.type === "invalid-token" && !isNew) {
        token = await this.#getAccessToken({ refresh: true, signal });
        isNew = true;
      } else {
        if (tries === MAX_TRIES) throw error;
        await this.#waitAsAsked(error, signal);
      }
      response = await send(token);
    }
    return response;
  }

  /**
   * @param {DevicesError} error
   * @param {AbortSignal | undefined} signal
   */
  async #waitAsAsked(error, signal) {
    const seconds = error.retryAfter ?? Infinity;
    if (seconds > MAX_WAIT_SECONDS) throw error;
    this.#onWait(seconds);
    await wait(seconds, signal);
  }
}

/** @param {string} deviceKey */
const pathOf = (deviceKey) => `/devices/${encodeURIComponent(deviceKey)}`;

/** @param {any} body */
const isDevice = (body) => typeof body?.deviceKey === "string";

/** @param {any} body */
const isDeviceList = (body) => Array.isArray(body?.devices) && body.devices.every(isDevice);

/**
 * @param {number} seconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function wait(seconds, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
  });
}
