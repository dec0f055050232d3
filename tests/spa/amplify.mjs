/** An app with AWS Amplify 6, in Node and in a browser. */

import { Amplify } from "aws-amplify";
import {
  confirmSignIn, fetchAuthSession, fetchDevices, forgetDevice, rememberDevice, setUpTOTP, signIn, signOut,
  updateMFAPreference, verifyTOTPSetup,
} from "aws-amplify/auth";
import { cognitoUserPoolsTokenProvider } from "aws-amplify/auth/cognito";
import { Hub } from "aws-amplify/utils";
import { deviceOf, stored } from "./apps.mjs";

export { call } from "./apps.mjs";

/** @type {string | undefined} */
let failure;
Hub.listen("auth", ({ payload }) => {
  if (payload.event !== "tokenRefresh_failure") return;
  failure = `${payload.data?.error?.name}: ${payload.data?.error?.message}`;
});

/**
 * @param {import("./apps.mjs").Settings} settings
 * @param {Storage | import("./apps.mjs").Storage} [storage]
 */
export function install({ userPoolId, userPoolClientId, cognitoEndpoint, username, password }, storage = localStorage) {
  /** Amplify has one configuration and one storage: those of the app that is called. */
  const open = () => {
    Amplify.configure({ Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint: cognitoEndpoint } } });
    cognitoUserPoolsTokenProvider.setKeyValueStorage(/** @type {any} */ (storage));
  };

  const token = async () => (await fetchAuthSession()).tokens?.accessToken.toString();

  const session = async () => {
    const accessToken = await token();
    return { device: accessToken ? deviceOf(accessToken) : null, signedIn: accessToken !== undefined };
  };

  /** @param {Awaited<ReturnType<typeof signIn>>} step */
  const after = ({ isSignedIn, nextStep: { signInStep } }) => {
    if (isSignedIn) return session();
    return { challenge: signInStep === "CONFIRM_SIGN_IN_WITH_TOTP_CODE" ? "SOFTWARE_TOKEN_MFA" : signInStep };
  };

  const app = {
    async signin() {
      await signOut();  // Amplify refuses to sign in twice
      return after(await signIn({ username, password }));
    },
    /** @param {string} code */
    answer: async (code) => after(await confirmSignIn({ challengeResponse: code })),
    async refresh() {
      failure = undefined;
      await fetchAuthSession({ forceRefresh: true });
      return failure ? { error: failure } : session();
    },
    session,
    token,
    remember: () => rememberDevice(),
    /** @param {string} [id] */
    forget: (id) => forgetDevice(id ? { device: { id } } : undefined),
    devices: async () => (await fetchDevices()).map(({ id, name }) => [id, name ?? null]),
    signout: () => signOut({ global: true }),
    totp: async () => (await setUpTOTP()).sharedSecret,
    /** @param {string} code */
    async mfa(code) {
      await verifyTOTPSetup({ code });
      await updateMFAPreference({ totp: "PREFERRED" });
    },
    /** @param {Parameters<typeof stored>[1]} name @param {string | null} [value] */
    stored: (name, value) => stored(storage, name, value),
  };
  return Object.fromEntries(
    Object.entries(app).map(([name, method]) => [
      name,
      (/** @type {any[]} */ ...args) => {
        open();
        return /** @type {any} */ (method)(...args);
      },
    ]),
  );
}
