/** What a user reads when something fails: what happened, and what to do. */

import { DevicesError } from "../client/devices-client.js";
import { SignInError } from "./sign-in.js";

const NETWORK = "No connection. Check that you are online, and try again.";
const LATER = "Something went wrong on our side. Try again in a moment.";
const SIGN_IN_AGAIN = "Your session has ended. Sign in again.";

const NO_SUCH_DEVICE = "Your account does not remember this device (any more).";

/** @type {Partial<Record<import("../client/devices-error.js").ErrorType, string>>} */
const OF_THE_API = {
  "device-not-found": NO_SUCH_DEVICE,
  "insufficient-scope": "This sign-in may not manage devices. Sign out, and sign in with your password.",
  "invalid-request": NO_SUCH_DEVICE, // nothing but a device's address can be wrong
  "invalid-token": SIGN_IN_AGAIN,
  "network-error": NETWORK,
  "password-reset-required": "Your password has to be reset. Sign out, and reset it.",
  "too-many-requests": "Too many requests at the moment. Wait a little, and try again.",
  "user-not-confirmed": "Your account is not confirmed yet. Follow the link in the email that we sent.",
  "user-not-found": "Your account no longer exists.",
};

/** @type {Record<string, string>} Cognito's error codes, and challenges that this page does not ask. */
const OF_COGNITO = {
  CUSTOM_CHALLENGE: "This account signs in in a way that this page does not know.",
  LimitExceededException: "Too many attempts. Wait a little, and try again.",
  MFA: "This account asks for a second factor, which this page does not know.",
  NEW_PASSWORD_REQUIRED: "You have a temporary password. Choose your own first, in the app that you come from.",
  NetworkError: NETWORK,
  NotAuthorizedException: "Incorrect email or password.",
  PasswordResetRequiredException: "Your password has to be reset before you can sign in.",
  TooManyRequestsException: "Too many attempts. Wait a little, and try again.",
  UserNotConfirmedException: "Your account is not confirmed yet. Follow the link in the email that we sent.",
  UserNotFoundException: "Incorrect email or password.",
};

/** Problems that end the session: nothing but a sign-in helps. */
const ENDING = new Set(["invalid-token", "missing-token", "user-not-found"]);

/**
 * Returns why the session is over, undefined where an error does not end it.
 *
 * @param {unknown} error
 */
export function endOfSession(error) {
  if (error instanceof DevicesError && ENDING.has(error.type)) return OF_THE_API[error.type] ?? SIGN_IN_AGAIN;
  return error instanceof SignInError && error.code === "NotAuthorizedException" ? SIGN_IN_AGAIN : undefined;
}

/**
 * Returns what to tell the user of an error, with the id of the request where support will ask for it.
 *
 * @param {unknown} error
 */
export function messageOf(error) {
  if (error instanceof SignInError) return OF_COGNITO[error.code] ?? LATER;
  if (!(error instanceof DevicesError)) {
    console.error(error);
    return LATER;
  }
  const known = OF_THE_API[error.type];
  return known ?? (error.requestId ? `${LATER} If it stays so, tell us this number: ${error.requestId}` : LATER);
}

/**
 * Returns what to tell a user who has to wait.
 *
 * @param {number} seconds
 */
export const waiting = (seconds) => `Many requests at the moment: trying again in ${Math.ceil(seconds)} s …`;

/** @param {unknown} error */
export const isNotFound = (error) => error instanceof DevicesError && error.type === "device-not-found";
