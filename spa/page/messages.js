/** What users read when something fails: what happened, and what they can do. */

import { DevicesError } from "../client/devices-client.js";
import { SignInError } from "./sign-in.js";

const NETWORK = "No connection. Check that you are online, and try again.";
const LATER = "Something went wrong on our side. Try again in a moment.";
const SIGN_IN_AGAIN = "Your session has ended. Sign in again.";

const NO_SUCH_DEVICE = "Your account does not remember this device.";

/**
 * The API's problems. A problem type that is missing here is a type error. Null: users can only retry, or give us the
 * request ID.
 *
 * @type {Record<import("../client/devices-error.js").ErrorType, string | null>}
 */
const OF_THE_API = {
  "device-not-found": NO_SUCH_DEVICE,
  forbidden: null,
  "insufficient-scope": "Your sign-in does not allow you to manage devices. Sign out, and sign in with your password.",
  "internal-error": null,
  "invalid-request": NO_SUCH_DEVICE, // only the device key in the URL can be wrong
  "invalid-token": SIGN_IN_AGAIN,
  "method-not-allowed": null,
  "missing-token": SIGN_IN_AGAIN,
  "network-error": NETWORK,
  "not-found": null,
  "password-reset-required": "You must reset your password. Sign out, and reset it.",
  "request-too-large": null,
  "too-many-requests": "Too many requests at the moment. Wait a little, and try again.",
  "unreadable-answer": null,
  "upstream-error": null,
  "upstream-timeout": null,
  "user-not-confirmed": "Your account is not confirmed yet. Follow the link in the email that we sent.",
  "user-not-found": "Your account no longer exists.",
  "user-pool-misconfigured": null,
};

/** @type {Record<string, string>} Cognito's error codes, and the challenges that this page does not support. */
const OF_COGNITO = {
  CUSTOM_CHALLENGE: "Your account uses a sign-in method that this page does not support.",
  LimitExceededException: "Too many attempts. Wait a little, and try again.",
  MFA: "Your account requires a second factor, which this page does not support.",
  NEW_PASSWORD_REQUIRED: "You have a temporary password. Set your own password first, in the app that you come from.",
  NetworkError: NETWORK,
  NotAuthorizedException: "Incorrect email or password.",
  PasswordResetRequiredException: "You must reset your password before you can sign in.",
  TooManyRequestsException: "Too many attempts. Wait a little, and try again.",
  UserNotConfirmedException: "Your account is not confirmed yet. Follow the link in the email that we sent.",
  UserNotFoundException: "Incorrect email or password.",
};

/** Problems that end the session: the user has to sign in again. */
const ENDING = new Set(["invalid-token", "missing-token", "user-not-found"]);

/**
 * Return why the session has ended, or undefined if an error does not end it.
 *
 * @param {unknown} error
 */
export function endOfSession(error) {
  if (error instanceof DevicesError && ENDING.has(error.type)) return OF_THE_API[error.type] ?? SIGN_IN_AGAIN;
  return error instanceof SignInError && error.code === "NotAuthorizedException" ? SIGN_IN_AGAIN : undefined;
}

/**
 * Return the message for an error. If users can do nothing but retry, it includes the request ID, for support.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
  if (error instanceof SignInError) return OF_COGNITO[error.code] ?? LATER;
  if (!(error instanceof DevicesError)) {
    console.error(error);
    return LATER;
  }
  const forSupport = error.requestId ? ` If this keeps happening, give us this request ID: ${error.requestId}` : "";
  return OF_THE_API[error.type] ?? `${LATER}${forSupport}`;
}

/**
 * Return the message while the client waits before it retries.
 *
 * @param {number} seconds
 */
export const waiting = (seconds) => `Many requests at the moment: trying again in ${Math.ceil(seconds)} s …`;

/** @param {unknown} error */
export const isNotFound = (error) => error instanceof DevicesError && error.type === "device-not-found";
