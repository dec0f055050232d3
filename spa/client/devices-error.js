/** What went wrong with a request to the Cognito device API (RFC 9457), and how answers are read. */

/** @typedef {import("./api.d.ts").components["schemas"]["Problem"]} Problem */
/**
 * @template {string} Type
 * @typedef {Type extends `urn:problem-type:${infer Slug}` ? Slug : never} SlugOf
 */
/** @typedef {SlugOf<Problem["type"]> | "network-error" | "unreadable-answer"} ErrorType */

const TYPE_PREFIX = "urn:problem-type:";
const USUAL_WAIT_SECONDS = 1;

/** What went wrong with a request. */
export class DevicesError extends Error {
  /**
   * @param {ErrorType} type What to switch on: the problem's type without `urn:problem-type:`, `network-error` where no
   *   whole answer came (no connection, or an origin that the API does not allow), `unreadable-answer` where the answer
   *   is not of the API's form (a proxy's page, say).
   * @param {string} message For the developer of the page; it says nothing about the user.
   * @param {{ status?: number, requestId?: string, retryAfter?: number, cause?: unknown }} facts The answer's status,
   *   API Gateway's id of the request, and the seconds to wait before the next try, as far as they are known.
   */
  constructor(type, message, { status, requestId, retryAfter, cause } = {}) {
    super(message, { cause });
    this.name = "DevicesError";
    this.type = type;
    this.status = status;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }
}

/**
 * Fetches an answer, whatever its status.
 *
 * @param {string} url
 * @param {RequestInit} request
 */
export async function answerTo(url, request) {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw networkError(cause, request.signal);
  }
}

/**
 * Returns an answer's body, undefined if it is no JSON.
 *
 * @param {Response} response
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function bodyOf(response, signal) {
  try {
    return await response.json();
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw networkError(cause, signal);
  }
}

/**
 * @param {unknown} cause
 * @param {AbortSignal | null} [signal] Its reason is thrown if it is what ended the request.
 */
function networkError(cause, signal) {
  signal?.throwIfAborted();
  return new DevicesError("network-error", "The API could not be reached.", { cause });
}

/**
 * Returns what an answer of status 400 and above says.
 *
 * @param {Response} response
 * @param {AbortSignal} [signal]
 */
export async function errorOf(response, signal) {
  const body = await bodyOf(response, signal);
  if (!isProblem(body)) return unreadable(response);
  const { type, title, detail, requestId } = /** @type {Problem} */ (body);
  const slug = /** @type {ErrorType} */ (type.slice(TYPE_PREFIX.length));
  const { status } = response;
  return new DevicesError(slug, `${title}: ${detail}`, { status, requestId, retryAfter: retryAfter(response) });
}

/**
 * Returns the error of an answer that says nothing that is known.
 *
 * @param {Response} response
 */
export function unreadable(response) {
  const facts = { status: response.status, retryAfter: retryAfter(response) };
  return new DevicesError("unreadable-answer", `The answer (${response.status}) is not of the API's form.`, facts);
}

/**
 * Returns the seconds that a 429 asks to wait: a number or a date (RFC 9110 section 10.2.3).
 *
 * @param {Response} response
 */
function retryAfter(response) {
  if (response.status !== 429) return undefined;
  const value = response.headers.get("Retry-After") ?? "";
  if (/^\d+$/.test(value)) return Number(value);
  // Date.parse reads more than HTTP's dates, -5 and 1.5 among it.
  const seconds = value.endsWith(" GMT") ? (Date.parse(value) - Date.now()) / 1000 : NaN;
  return Number.isNaN(seconds) ? USUAL_WAIT_SECONDS : Math.max(0, seconds);
}

/** @param {any} body */
const isProblem = (body) =>
  [body?.type, body?.title, body?.detail].every((text) => typeof text === "string") && body.type.startsWith(TYPE_PREFIX);
