/** An app with the AWS SDK for JavaScript v3, whose proofs cognito-srp-helper makes. */

import { CognitoIdentityProvider } from "@aws-sdk/client-cognito-identity-provider";
import * as srpHelper from "cognito-srp-helper";
import { deviceOf } from "./apps.mjs";

const helper = /** @type {any} */ (srpHelper);  // its types lack members of requests

/** @param {import("./apps.mjs").Settings} settings */
export function install({ userPoolId, userPoolClientId: ClientId, cognitoEndpoint, username, password }) {
  const region = userPoolId.split("_")[0];
  const cognito = new CognitoIdentityProvider({ region, endpoint: cognitoEndpoint, maxAttempts: 1 });
  /** @type {Record<string, string | null>} */
  const device = {};
  /** @type {any} */
  let tokens;
  /** @type {any} */
  let srp;
  /** @type {string | undefined} */
  let pending;

  const session = () => ({ device: tokens ? deviceOf(tokens.AccessToken) : null, signedIn: tokens !== undefined });

  /**
   * @param {string} name
   * @param {any} proof
   * @param {string | undefined} Session
   * @param {Record<string, string>} responses
   * @returns {Promise<any>}
   */
  const respond = (name, proof, Session, responses) => {
    const key = device.deviceKey ? { DEVICE_KEY: device.deviceKey } : {};
    const request = { ClientId, ChallengeName: name, Session, ChallengeResponses: { ...responses, ...key } };
    const proven = proof ? helper.wrapAuthChallenge(proof, request) : request;
    return /** @type {any} */ (cognito).respondToAuthChallenge(proven);
  };

  /** @param {any} answer @param {string} USERNAME */
  const after = async (answer, USERNAME) => {
    if (answer.ChallengeName === "DEVICE_SRP_AUTH") {
      answer = await respond("DEVICE_SRP_AUTH", srp, answer.Session, { USERNAME });
      const proof = helper.signSrpSessionWithDevice(srp, answer, device.deviceGroupKey, device.randomPasswordKey);
      answer = await respond("DEVICE_PASSWORD_VERIFIER", proof, answer.Session, { USERNAME });
    }
    if (answer.ChallengeName) {
      pending = answer.Session;
      return { challenge: answer.ChallengeName };
    }
    const result = answer.AuthenticationResult;
    tokens = result;
    const { DeviceKey, DeviceGroupKey } = result.NewDeviceMetadata ?? {};
    if (DeviceKey) {
      const made = helper.createDeviceVerifier(DeviceKey, DeviceGroupKey);
      const DeviceSecretVerifierConfig = made.DeviceSecretVerifierConfig;
      await cognito.confirmDevice({ AccessToken: result.AccessToken, DeviceKey, DeviceSecretVerifierConfig });
      device.deviceKey = DeviceKey;
      device.deviceGroupKey = DeviceGroupKey;
      device.randomPasswordKey = made.DeviceRandomPassword;
    }
    return session();
  };

  return {
    async signin() {
      srp = helper.createSrpSession(username, password, userPoolId, false);
      const parameters = { USERNAME: username, ...(device.deviceKey ? { DEVICE_KEY: device.deviceKey } : {}) };
      const request = { ClientId, AuthFlow: "USER_SRP_AUTH", AuthParameters: parameters };
      const first = await /** @type {any} */ (cognito).initiateAuth(helper.wrapInitiateAuth(srp, request));
      const USERNAME = first.ChallengeParameters.USER_ID_FOR_SRP;
      const proof = helper.signSrpSession(srp, first);
      return after(await respond("PASSWORD_VERIFIER", proof, first.Session, { USERNAME }), USERNAME);
    },
    /** @param {string} code */
    async answer(code) {
      const responses = { USERNAME: username, SOFTWARE_TOKEN_MFA_CODE: code };
      return after(await respond("SOFTWARE_TOKEN_MFA", null, pending, responses), username);
    },
    async refresh() {
      const key = device.deviceKey ? { DeviceKey: device.deviceKey } : {};
      const answer = await cognito.getTokensFromRefreshToken({ ClientId, RefreshToken: tokens.RefreshToken, ...key });
      tokens = { ...tokens, ...answer.AuthenticationResult };
      return session();
    },
    session,
    remember: () => cognito.updateDeviceStatus({
      AccessToken: tokens.AccessToken, DeviceKey: String(device.deviceKey), DeviceRememberedStatus: "remembered",
    }),
    /** @param {string} [key] */
    forget: (key) =>
      cognito.forgetDevice({ AccessToken: tokens.AccessToken, DeviceKey: key ?? String(device.deviceKey) }),
    signout: () => cognito.globalSignOut({ AccessToken: tokens.AccessToken }),
    totp: async () => (await cognito.associateSoftwareToken({ AccessToken: tokens.AccessToken })).SecretCode,
    /** @param {string} code */
    async mfa(code) {
      await cognito.verifySoftwareToken({ AccessToken: tokens.AccessToken, UserCode: code });
      const preferred = { Enabled: true, PreferredMfa: true };
      await cognito.setUserMFAPreference({ AccessToken: tokens.AccessToken, SoftwareTokenMfaSettings: preferred });
    },
    /** @param {string} name @param {string | null} [value] */
    stored: (name, value) => (value === undefined ? device[name] ?? null : (device[name] = value)),
  };
}
