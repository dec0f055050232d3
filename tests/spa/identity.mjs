/** An app with amazon-cognito-identity-js. */

import { AuthenticationDetails, CognitoUser, CognitoUserPool } from "amazon-cognito-identity-js";
import { deviceOf, stored } from "./apps.mjs";

/**
 * @param {import("./apps.mjs").Settings} settings
 * @param {import("./apps.mjs").Storage} storage
 */
export function install({ userPoolId, userPoolClientId, cognitoEndpoint, username, password }, storage) {
  const pool = new CognitoUserPool({
    UserPoolId: userPoolId, ClientId: userPoolClientId, endpoint: cognitoEndpoint, Storage: storage,
  });
  // A refused refresh is repeated for 6 s otherwise.
  const client = /** @type {any} */ (pool).client;
  client.requestWithRetry = client.request;
  /** @type {any} */
  let user;

  const session = () => {
    const signedIn = pool.getCurrentUser() !== null;
    return { device: signedIn ? deviceOf(user.getSignInUserSession().getAccessToken().getJwtToken()) : null, signedIn };
  };

  /**
   * @template T
   * @param {(settle: (error: any, result?: T) => void) => void} start
   * @returns {Promise<T>}
   */
  const promised = (start) =>
    new Promise((resolve, reject) => {
      start((error, result) => (error ? reject(error) : resolve(/** @type {T} */ (result))));
    });

  /** @param {(callbacks: any) => void} start */
  const called = (start) =>
    promised((settle) => start({ onSuccess: (/** @type {any} */ result) => settle(null, result), onFailure: settle }));

  /** @param {(callbacks: any) => void} start */
  const entering = (start) =>
    promised((settle) => {
      start({
        onSuccess: () => settle(null, session()),
        onFailure: settle,
        totpRequired: (/** @type {string} */ challenge) => settle(null, { challenge }),
      });
    });

  return {
    signin() {
      user = new CognitoUser({ Username: username, Pool: pool, Storage: storage });
      const details = new AuthenticationDetails({ Username: username, Password: password });
      return entering((callbacks) => user.authenticateUser(details, callbacks));
    },
    /** @param {string} code */
    answer: (code) => entering((callbacks) => user.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA")),
    async refresh() {
      const token = user.getSignInUserSession().getRefreshToken();
      await promised((settle) => user.refreshSession(token, settle));
      return session();
    },
    session,
    remember: () => called((callbacks) => user.setDeviceStatusRemembered(callbacks)),
    /** @param {string} [key] */
    forget: (key) =>
      called((callbacks) => (key ? user.forgetSpecificDevice(key, callbacks) : user.forgetDevice(callbacks))),
    signout: () => called((callbacks) => user.globalSignOut(callbacks)),
    totp: () =>
      promised((settle) => {
        user.associateSoftwareToken({
          associateSecretCode: (/** @type {string} */ secret) => settle(null, secret),
          onFailure: settle,
        });
      }),
    /** @param {string} code */
    async mfa(code) {
      await called((callbacks) => user.verifySoftwareToken(code, "phone", callbacks));
      const preferred = { PreferredMfa: true, Enabled: true };
      await promised((settle) => user.setUserMfaPreference(null, preferred, settle));
    },
    /** @param {Parameters<typeof stored>[1]} name @param {string | null} [value] */
    stored: (name, value) => stored(storage, name, value),
  };
}
