/** What users read when something fails: what happened, and what they can do. */

import { ENDING } from "../client/devices-error.js";
import { DevicesError } from "../client/index.js";
import { SignInError } from "./sign-in.js";

const OFFLINE = "You are offline. Check your connection, and try again.";
const UNREACHABLE =
  "This page cannot reach the service. Try again in a moment. If it keeps happening, tell those who run this page.";
const LATER = "Something went wrong on our side. Try again in a moment.";
const SIGN_IN_AGAIN = "Your session has ended. Sign in again.";

const NO_SUCH_DEVICE = "Your account does not remember this device.";
const NOT_CONFIRMED = "Your account is not confirmed yet. Follow the link in the email that we sent.";

/**
 * The API's problems. A problem type that is missing here is a type error. Null: users can only retry, or give us the
 * request ID.
 *
 * @type {Record<import("../client/index.js").ErrorType, string | null>}
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
  get "network-error"() {
    return navigator.onLine ? UNREACHABLE : OFFLINE;
  },
  "not-found": null,
  "password-reset-required": "You must reset your password. Sign out, and reset it.",
  "request-too-large": null,
  "too-many-requests": "Too many requests at the moment. Wait a little, and try again.",
  "unreadable-answer": null,
  "upstream-error": null,
  "upstream-timeout": null,
  "user-not-confirmed": NOT_CONFIRMED,
  "user-not-found": "Your account no longer exists.",
  "user-pool-misconfigured": null,
};

const UNSUPPORTED = "Your account uses a sign-in method that this page does not support.";
const NO_FACTOR = "Your account needs a second factor first. Set it up in the app that you come from.";
const WRONG_PASSWORD = "Incorrect email or password.";
const WRONG_CODE = "This code is not correct. Enter a new one.";
const WAIT = "Too many attempts. Wait a little, and try again.";
const RESET = "You must reset your password before you can sign in.";

/** @type {Record<string, string>} Cognito's and Amplify's errors, and the steps that this page does not support. */
const OF_THE_SIGN_IN = {
  CodeMismatchException: WRONG_CODE,
  CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE: UNSUPPORTED,
  CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED: "Your account lacks some facts about you. Add them in the app that you come from.",
  CONFIRM_SIGN_UP: NOT_CONFIRMED,
  CONTINUE_SIGN_IN_WITH_EMAIL_SETUP: NO_FACTOR,
  CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION: NO_FACTOR,
  CONTINUE_SIGN_IN_WITH_TOTP_SETUP: NO_FACTOR,
  EnableSoftwareTokenMFAException: WRONG_CODE,
  EmptyChallengeResponse: WRONG_CODE, // nothing but spaces
  ExpiredCodeException: "This code has expired. Start again to get a new one.",
  LimitExceededException: WAIT,
  get NetworkError() {
    return OF_THE_API["network-error"] ?? LATER;
  },
  NotAuthorizedException: WRONG_PASSWORD,
  NotStoredException: "Your browser cannot store your sign-in. Free some of its storage, and try again.",
  PasswordHistoryPolicyViolationException: "You have had this password before. Choose another one.",
  PasswordResetRequiredException: RESET,
  RESET_PASSWORD: RESET,
  SignInException: UNSUPPORTED, // for example no second factor yet, and the pool offers only text messages
  SESSIONS_CONTINUE: "Your sessions have not ended. Try again in a moment.",
  TooManyFailedAttemptsException: WAIT,
  TooManyRequestsException: WAIT,
  UserAlreadyAuthenticatedException: "Someone has signed in with this browser already. Reload the page.",
  UserNotConfirmedException: NOT_CONFIRMED,
  UserNotFoundException: WRONG_PASSWORD,
};

/**
 * What Cognito refuses with NotAuthorizedException besides a wrong password: a part of its text, and the message.
 *
 * @type {[string, string][]}
 */
const NOT_AUTHORIZED = [
  ["attempts exceeded", WAIT],
  ["User is disabled", "Your account is disabled. Ask those who manage it."],
  ["Temporary password has expired", "Your temporary password has expired. Ask those who manage your account for a new one."],
];

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
  if (error instanceof SignInError) return textOf(error) ?? OF_THE_SIGN_IN[error.code] ?? LATER;
  if (!(error instanceof DevicesError)) {
    console.error(error);
    return LATER;
  }
  const forSupport = error.requestId ? ` If this keeps happening, give us this request ID: ${error.requestId}` : "";
  return OF_THE_API[error.type] ?? `${LATER}${forSupport}`;
}

/**
 * Return the message for an error of Cognito that its name alone does not explain, or undefined.
 *
 * @param {SignInError} error
 */
function textOf({ code, cause }) {
  const text = String(Object(cause).message);
  if (code === "NotAuthorizedException") return NOT_AUTHORIZED.find(([part]) => text.includes(part))?.[1];
  // Cognito names the rule that a password breaks: "Password did not conform with policy: Password not long enough".
  const rule = code === "InvalidPasswordException" && /policy: (.+)/.exec(text)?.[1];
  return rule ? `Choose another password: ${rule}.` : undefined;
}

/**
 * Return whether an error in a later step of the sign-in means that it must start anew, for example because Cognito's
 * session for it has expired.
 *
 * @param {unknown} error
 */
export const mustStartAnew = (error) =>
  error instanceof SignInError && ["NotAuthorizedException", "SignInException"].includes(error.code);

/**
 * Return the message while the client waits before it retries.
 *
 * @param {number} seconds
 */
export const waiting = (seconds) => `Many requests at the moment: trying again in ${Math.ceil(seconds)} s …`;

/** @param {unknown} error */
export const isNotFound = (error) => error instanceof DevicesError && error.type === "device-not-found";
