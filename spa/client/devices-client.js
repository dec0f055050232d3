/**
 * A client of the Cognito device API for web apps. It needs nothing but fetch.
 *
 *     const client = new DevicesClient({ apiUrl, getAccessToken });
 *     const devices = await client.list();
 *
 * The methods reject with a DevicesError if the request fails: switch on its `type`. If the request is aborted, they
 * reject with the signal's reason. If getAccessToken throws, they reject with its error.
 *
 * The file imports devices-error.js, and for its types api.d.ts, from the same folder.
 */

import { DevicesError, responseTo, bodyOf, errorOf, unreadable } from "./devices-error.js";

export { DevicesError };

/** @typedef {import("./api.d.ts").components["schemas"]} Schemas */
/** @typedef {Schemas["Device"]} Device */
/** @typedef {import("./devices-error.js").ErrorType} ErrorType */
/**
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {(seconds: number) => void} [onWait] Called before the client waits, after the API responded with 429.
 */
/** @typedef {(asked: { refresh: boolean, signal?: AbortSignal }) => Promise<string>} GetAccessToken */

const MAX_TRIES = 4;
const MAX_WAIT_SECONDS = 30;
const NO_CONTENT = 204;
const DEVICE_KEY = /^(?:[A-Za-z0-9_-]+_[A-Za-z0-9_-]+|current)$/;

/** Reads and changes the devices of the user whose access token getAccessToken returns. */
export class DevicesClient {
  #apiUrl;
  #getAccessToken;

  /**
   * @param {object} settings
   * @param {string} settings.apiUrl The API's base URL, with the stage, such as `https://…amazonaws.com/v1`.
   * @param {GetAccessToken} settings.getAccessToken Returns the user's access token; a new one if `refresh` is true.
   */
  constructor({ apiUrl, getAccessToken }) {
    this.#apiUrl = apiUrl.replace(/\/+$/, "");
    this.#getAccessToken = getAccessToken;
  }

  /**
   * Yield the user's remembered devices one list page at a time, as they arrive, each device once.
   *
   * @param {Options & { limit?: number }} [options] `limit`: most devices in a list page, 1 to 60.
   * @returns {AsyncGenerator<Device[], void, void>}
   */
  async *pages({ limit, ...options } = {}) {
    const keys = new Set();
    const tokens = new Set();
    /** @type {string | null} */
    let nextToken = null;
    do {
      const query = new URLSearchParams();
      if (limit !== undefined) query.set("limit", String(limit));
      if (nextToken !== null) query.set("nextToken", nextToken);
      const page = /** @type {Schemas["DeviceList"]} */ (
        await this.#json("GET", `/devices${query.size ? `?${query}` : ""}`, options, isDeviceList)
      );
      yield page.devices.filter(({ deviceKey }) => !keys.has(deviceKey) && keys.add(deviceKey));
      nextToken = page.nextToken;
      if (tokens.has(nextToken)) throw new DevicesError("unreadable-answer", "The list repeats a nextToken.");
      tokens.add(nextToken);
    } while (nextToken !== null);
  }

  /**
   * Return all remembered devices of the user, from all list pages.
   *
   * @param {Options} [options]
   * @returns {Promise<Device[]>}
   */
  async list(options) {
    const devices = [];
    for await (const page of this.pages(options)) devices.push(...page);
    return devices;
  }

  /**
   * Return one remembered device.
   *
   * @param {string} deviceKey The device's key, or `current` for the one that the access token was issued to.
   * @param {Options} [options]
   * @returns {Promise<Device>}
   */
  async get(deviceKey, options = {}) {
    return /** @type {Device} */ (await this.#json("GET", pathOf(deviceKey), options, isDevice));
  }

  /**
   * Remember a device, or stop remembering it.
   *
   * @param {string} deviceKey As for `get`.
   * @param {boolean} remembered If false, `get` and `list` no longer find the device, until it is remembered again.
   * @param {Options} [options]
   */
  async setRemembered(deviceKey, remembered, options = {}) {
    /** @type {Schemas["StatusChange"]} */
    const change = { remembered };
    await this.#change("PATCH", pathOf(deviceKey), options, JSON.stringify(change));
  }

  /**
   * Forget a device for good. With its next sign-in, it becomes a new device.
   *
   * @param {string} deviceKey As for `get`.
   * @param {Options} [options]
   */
  async forget(deviceKey, options = {}) {
    await this.#change("DELETE", pathOf(deviceKey), options);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Options} options
   * @param {(body: any) => boolean} isExpected Returns whether the body has the API's form.
   */
  async #json(method, path, options, isExpected) {
    const response = await this.#send(method, path, options);
    const body = await bodyOf(response, options.signal);
    if (!isExpected(body)) throw unreadable(response);
    return body;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Options} options
   * @param {string} [body]
   */
  async #change(method, path, options, body) {
    const response = await this.#send(method, path, options, body);
    if (response.status !== NO_CONTENT) throw unreadable(response);
  }

  /**
   * Send a request and return a response with a status below 400. Retry once with a new token if the token is
   * invalid, and up to three times after the wait of a 429.
   *
   * @param {string} method
   * @param {string} path
   * @param {Options} options
   * @param {string} [body]
   */
  async #send(method, path, { signal, onWait = () => {} }, body) {
    const send = (/** @type {string} */ token) => {
      const headers = { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) };
      return responseTo(`${this.#apiUrl}${path}`, { method, headers, body, signal });
    };
    const ask = (/** @type {boolean} */ refresh) => unlessAborted(() => this.#getAccessToken({ refresh, signal }), signal);
    let token = await ask(false);
    let isNew = false;
    let response = await send(token);
    for (let tries = 1; !response.ok; tries += 1) {
      const error = await errorOf(response, signal);
      if (error.type === "invalid-token" && !isNew) {
        token = await ask(true);
        isNew = true;
      } else {
        const seconds = error.retryAfter ?? Infinity;
        if (seconds > MAX_WAIT_SECONDS || tries === MAX_TRIES) throw error;
        onWait(seconds);
        await unlessAborted((over) => wait(seconds, over), signal);
      }
      response = await send(token);
    }
    return response;
  }
}

/** @param {string} deviceKey */
function pathOf(deviceKey) {
  // With "" or "..", the URL would be that of another resource.
  if (!DEVICE_KEY.test(deviceKey)) throw new DevicesError("invalid-request", "This is not a device key.");
  return `/devices/${deviceKey}`;
}

/** @param {any} body */
const isDevice = (body) => typeof body?.deviceKey === "string";

/** @param {any} body */
const isDeviceList = (body) =>
  Array.isArray(body?.devices) &&
  body.devices.every(isDevice) &&
  (body.nextToken === null || typeof body.nextToken === "string");

/**
 * Return the result of `work`, or reject as soon as the signal is aborted.
 *
 * @template Result
 * @param {(over: AbortSignal) => Promise<Result>} work Its signal is aborted once the result no longer matters.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Result>}
 */
async function unlessAborted(work, signal) {
  signal?.throwIfAborted();
  const over = new AbortController();
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
  });
  return Promise.race([work(over.signal), aborted]).finally(() => over.abort());
}

/**
 * @param {number} seconds
 * @param {AbortSignal} over Stops the timer.
 * @returns {Promise<void>}
 */
function wait(seconds, over) {
  return new Promise((done) => {
    const timer = setTimeout(done, seconds * 1000);
    over.addEventListener("abort", () => clearTimeout(timer));
  });
}
