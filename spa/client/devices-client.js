/**
 * A client of the Cognito device API for web apps. It needs nothing but fetch.
 *
 *     const client = new DevicesClient({ apiUrl, getAccessToken });
 *     const devices = await client.list();
 *
 * The methods reject with a DevicesError if the request fails: switch on its `type`. If the request is aborted, they
 * reject with the signal's reason. If getAccessToken throws, they reject with its error.
 */

import { DevicesError, unreadable } from "./devices-error.js";
import { forgetAll } from "./forget-others.js";
import { Requests } from "./requests.js";

/** @typedef {import("./api.d.ts").components["schemas"]} Schemas */
/** @typedef {Schemas["Device"]} Device */
/** @typedef {import("./requests.js").GetAccessToken} GetAccessToken */
/** @typedef {import("./requests.js").Options} Options */

const NO_CONTENT = 204;
// API Gateway responds within 29 s, if only with 504. So a page learns what happened, unless no response will come.
const TIMEOUT_SECONDS = 30;
// 60,000 devices in list pages of 60. No user has as many, so the API is at fault.
const MAX_PAGES = 1000;
// The API's pattern, written so that each underscore but the first is in the second part. In the API's own form any of
// them could divide the key, so a malformed key of many underscores would block the browser for seconds.
const DEVICE_KEY = /^(?:(?=.{3,55}$)[\w-][A-Za-z0-9-]*_[\w-]+|current)$/;

/** Reads and changes the devices of the user whose access token getAccessToken returns. */
export class DevicesClient {
  #requests;

  /**
   * @param {object} settings
   * @param {string} settings.apiUrl The API's base URL, with the stage, such as `https://…amazonaws.com/v1`.
   * @param {GetAccessToken} settings.getAccessToken Returns the user's access token; a new one if `refresh` is true.
   *   If it returns nothing, because the user is signed out, the method rejects with `missing-token`.
   * @param {number} [settings.timeout] The seconds after which a request without a complete response is a
   *   `network-error`, above 0; 30 by default. Each try has this time, without the waits between them.
   */
  constructor({ apiUrl, getAccessToken, timeout = TIMEOUT_SECONDS }) {
    if (!(timeout > 0)) throw new RangeError("timeout must be a number of seconds above 0.");
    this.#requests = new Requests(apiUrl, getAccessToken, timeout);
  }

  /**
   * Yield the user's remembered devices one list page at a time, as they arrive, each device once. Throw
   * `unreadable-answer` if the list does not end.
   *
   * @param {Options & { limit?: number | undefined, maxPages?: number | undefined }} [options] `limit`: most devices
   *   in a list page, 1 to 60. `maxPages`: most list pages, 1000 by default.
   * @returns {AsyncGenerator<Device[], void, void>}
   */
  async *pages({ limit, maxPages = MAX_PAGES, ...options } = {}) {
    const keys = new Set();
    const tokens = new Set();
    /** @type {string | null} */
    let nextToken = null;
    do {
      if (tokens.size >= maxPages) throw endless(`The list has more than ${maxPages} pages.`);
      const query = new URLSearchParams();
      if (limit !== undefined) query.set("limit", String(limit));
      if (nextToken !== null) query.set("nextToken", nextToken);
      const text = query.toString();
      const page = /** @type {Schemas["DeviceList"]} */ (
        await this.#json(`/devices${text && `?${text}`}`, options, isDeviceList)
      );
      yield page.devices.filter(({ deviceKey }) => !keys.has(deviceKey) && keys.add(deviceKey));
      nextToken = page.nextToken;
      if (tokens.has(nextToken)) throw endless("The list repeats a nextToken.");
      tokens.add(nextToken);
    } while (nextToken !== null);
  }

  /**
   * Return all remembered devices of the user, from all list pages.
   *
   * @param {Options & { maxPages?: number | undefined }} [options] `maxPages`: as for `pages`.
   * @returns {Promise<Device[]>}
   */
  async list(options) {
    /** @type {Device[]} */
    const devices = [];
    for await (const page of this.pages(options)) for (const device of page) devices.push(device);
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
    return /** @type {Device} */ (await this.#json(pathOf(deviceKey), options, isDevice));
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
   * Forget all devices but the current one, fewer than 8 a second. A device that is gone meanwhile counts as forgotten.
   * Another failure leaves its device and goes on; three failures in a row leave the rest.
   *
   * If no listed device is current, all listed devices are others, and are forgotten: the user signed in without device
   * tracking, for example at managed login, or the current device is not remembered. The session goes on in both cases.
   *
   * Reject if the list cannot be read, if the session has ended (`invalid-token`, `missing-token`, `user-not-found`),
   * or if the signal is aborted. Some devices may be forgotten by then, as onProgress told.
   *
   * @param {Options & import("./forget-others.js").ForgetOthersOptions} [options]
   * @returns {Promise<import("./forget-others.js").ForgetOthersResult>} How many devices are forgotten, and which are
   *   left with the reason.
   */
  async forgetOthers({ only = () => true, ...options } = {}) {
    const devices = await this.list({ signal: options.signal, onWait: options.onWait });
    // A promise, which an async function returns, must not count as true: it would forget all devices.
    const others = devices.filter((device) => !device.current && only(device) === true);
    return forgetAll(others, (deviceKey, its) => this.forget(deviceKey, its), options);
  }

  /**
   * @param {string} path
   * @param {Options} options
   * @param {(body: any) => boolean} isExpected Returns whether the body has the API's form.
   */
  async #json(path, options, isExpected) {
    const { response, body } = await this.#requests.send("GET", path, options);
    if (!isExpected(body)) throw unreadable(response);
    return body;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {Options} options
   * @param {string} [content]
   */
  async #change(method, path, options, content) {
    const { response } = await this.#requests.send(method, path, options, content);
    if (response.status !== NO_CONTENT) throw unreadable(response);
  }
}

/** @param {string} deviceKey */
function pathOf(deviceKey) {
  // With "" or "..", the URL would be that of another resource.
  if (!DEVICE_KEY.test(deviceKey)) throw new DevicesError("invalid-request", "This is not a device key.");
  return `/devices/${deviceKey}`;
}

/** @param {string} message */
const endless = (message) => new DevicesError("unreadable-answer", message);

/** @param {any} body */
const isDevice = (body) => typeof body?.deviceKey === "string";

/** @param {any} body */
const isDeviceList = (body) =>
  Array.isArray(body?.devices) &&
  body.devices.every(isDevice) &&
  (body.nextToken === null || typeof body.nextToken === "string");
