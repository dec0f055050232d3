/** DevicesError, and the functions that make one from a response: a problem (RFC 9457), or an unreadable body. */

/** @typedef {import("./api.d.ts").components["schemas"]["Problem"]} Problem */
/**
 * @template {string} Type
 * @typedef {Type extends `urn:problem-type:${infer Slug}` ? Slug : never} SlugOf
 */
/** @typedef {SlugOf<Problem["type"]> | "network-error" | "unreadable-answer"} ErrorType */

/**
 * The errors after which every other request fails too: the user has to sign in again.
 *
 * @type {ReadonlySet<ErrorType>}
 */
export const ENDING = new Set(["invalid-token", "missing-token", "user-not-found"]);

const TYPE_PREFIX = "urn:problem-type:";
const USUAL_WAIT_SECONDS = 1;

/** A request failed. */
export class DevicesError extends Error {
  /**
   * @param {ErrorType} type What a program switches on. It is the problem's type without `urn:problem-type:`, or
   *   `network-error`: no complete response arrived, for example because the API does not allow the origin; or
   *   `unreadable-answer`: the response is not in the API's form, for example a proxy's HTML.
   * @param {string} message For the web app's developer; it holds nothing about the user.
   * @param {{ status?: number, requestId?: string, retryAfter?: number, cause?: unknown }} facts The response's status,
   *   API Gateway's request ID, and the seconds to wait before a retry; each undefined if unknown.
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
 * Return the error for a response with status 400 or above.
 *
 * @param {Response} response
 * @param {any} body The response's JSON.
 */
export function errorOf(response, body) {
  if (!isProblem(body)) return unreadable(response);
  const { type, title, detail, requestId } = /** @type {Problem} */ (body);
  const slug = /** @type {ErrorType} */ (type.slice(TYPE_PREFIX.length));
  const { status } = response;
  return new DevicesError(slug, `${title}: ${detail}`, { status, requestId, retryAfter: retryAfter(response) });
}

/**
 * Return the error for a response that is not in the API's form.
 *
 * @param {Response} response
 */
export function unreadable(response) {
  const facts = { status: response.status, retryAfter: retryAfter(response) };
  return new DevicesError("unreadable-answer", `The response (${response.status}) is not in the API's form.`, facts);
}

/**
 * Return the seconds to wait after a 429. Retry-After holds seconds or a date (RFC 9110 section 10.2.3).
 *
 * @param {Response} response
 */
function retryAfter(response) {
  if (response.status !== 429) return undefined;
  const value = response.headers.get("Retry-After") ?? "";
  if (/^\d+$/.test(value)) return Number(value);
  // Only HTTP's dates end with GMT. Date.parse accepts more, such as -5 and 1.5.
  const seconds = value.endsWith(" GMT") ? (Date.parse(value) - Date.now()) / 1000 : NaN;
  return Number.isNaN(seconds) ? USUAL_WAIT_SECONDS : Math.max(0, seconds);
}

/** @param {any} body */
const isProblem = (body) =>
  [body?.type, body?.title, body?.detail].every((text) => typeof text === "string") && body.type.startsWith(TYPE_PREFIX);
