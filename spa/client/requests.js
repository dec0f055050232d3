/** Sends requests to the API with a token and a time limit, and retries after an expired token or a 429. */

import { throwIfAborted, unlessAborted, wait } from "./aborting.js";
import { DevicesError, errorOf } from "./devices-error.js";

/**
 * @typedef {object} Options
 * @property {AbortSignal | undefined} [signal] Its abort ends the request or the wait.
 * @property {((seconds: number) => void) | undefined} [onWait] Called before the client waits, after the API responded with 429.
 */
/** @typedef {(asked: { refresh: boolean, signal?: AbortSignal }) => Promise<string | undefined>} GetAccessToken */
/** @typedef {{ response: Response, body: any }} Received `body`: the response's JSON, undefined if it is not JSON. */

const MAX_TRIES = 4;
const MAX_WAIT_SECONDS = 30;
// Browsers that API Gateway throttled at the same time must not all come back at the same time.
const JITTER = 0.5;
// The longest that setTimeout can wait, in milliseconds. A longer delay, such as Infinity, would end at once.
const MAX_DELAY = 2 ** 31 - 1;
const UNREACHED =
  "The browser received no response that this page may read: it is offline, the API does not allow the page's origin, " +
  "or the response was a redirect.";

/** Sends requests with the token that getAccessToken returns. */
export class Requests {
  #apiUrl;
  #getAccessToken;
  #timeout;

  /**
   * @param {string} apiUrl The API's base URL; slashes at its end do not matter.
   * @param {GetAccessToken} getAccessToken
   * @param {number} timeout The seconds that one try may take, with the response's body.
   */
  constructor(apiUrl, getAccessToken, timeout) {
    this.#apiUrl = apiUrl.replace(/\/+$/, "");
    this.#getAccessToken = getAccessToken;
    this.#timeout = timeout;
  }

  /**
   * Send a request and return a response with a status below 400. Retry once with a new token if the token is
   * invalid, and up to three times after a 429, when the wait that it asks for is over.
   *
   * @param {string} method
   * @param {string} path Below the API's base URL, with the query.
   * @param {Options} options
   * @param {string} [content] JSON.
   * @returns {Promise<Received>}
   * @throws {DevicesError} No complete response arrived, or the last one has a status of 400 or above.
   */
  async send(method, path, { signal, onWait = () => {} }, content) {
    const send = (/** @type {string} */ token) => {
      const headers = { Authorization: `Bearer ${token}`, ...(content && { "Content-Type": "application/json" }) };
      return this.#try(path, { method, headers, body: content }, signal);
    };
    const ask = async (/** @type {boolean} */ refresh) => {
      const token = await unlessAborted(() => this.#getAccessToken({ refresh, signal }), signal);
      if (!token) throw new DevicesError("missing-token", "getAccessToken returned no token.");
      return token;
    };
    let token = await ask(false);
    let isNew = false;
    let received = await send(token);
    for (let tries = 1; !received.response.ok; tries += 1) {
      const error = errorOf(received.response, received.body);
      if (error.type === "invalid-token" && !isNew) {
        token = await ask(true);
        isNew = true;
      } else {
        const asked = error.retryAfter ?? Infinity;
        if (asked > MAX_WAIT_SECONDS || tries >= MAX_TRIES) throw error;
        const seconds = asked * (1 + JITTER * Math.random());
        onWait(seconds);
        await wait(seconds, signal);
      }
      received = await send(token);
    }
    return received;
  }

  /**
   * Send a request once and return the response, whatever its status.
   *
   * @param {string} path
   * @param {RequestInit} request
   * @param {AbortSignal} [signal]
   * @returns {Promise<Received>}
   */
  async #try(path, request, signal) {
    throwIfAborted(signal);
    const ending = new AbortController();
    const end = () => ending.abort();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      end();
    }, Math.min(this.#timeout * 1000, MAX_DELAY));
    signal?.addEventListener("abort", end);
    const receive = async () => {
      // A redirect could send the token to another origin, or turn the request into one for another device.
      const safe = /** @type {const} */ ({ redirect: "error", cache: "no-store" });
      const response = await fetch(`${this.#apiUrl}${path}`, { ...request, ...safe, signal: ending.signal });
      return { response, body: await jsonOf(response) };
    };
    const stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
    };
    try {
      return await receive().finally(stop);
    } catch (cause) {
      throwIfAborted(signal);
      const message = isLate ? `The API did not respond within ${this.#timeout} s.` : UNREACHED;
      throw new DevicesError("network-error", message, { cause });
    }
  }
}

/**
 * Return a response's body, or undefined if it is not JSON.
 *
 * @param {Response} response
 * @returns {Promise<any>}
 */
async function jsonOf(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
