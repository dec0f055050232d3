/** What the page's Amplify calculates for a device, without its requests. Amplify does not export these modules. */

import "../../spa/page/mod-pow.js";

const folder = "../../spa/node_modules/@aws-amplify/auth/dist/esm/providers/cognito/utils/srp";
const { getAuthenticationHelper, getBytesFromHex, getNowString, getSignatureString } = await import(
  `${folder}/index.mjs`
);
const { BigInteger } = await import(`${folder}/BigInteger/index.mjs`);

/** @param {{ key: string, groupKey: string }} device */
export function install({ key, groupKey }) {
  /** @type {any} */
  let helper;

  return {
    /** Return what the device sends with ConfirmDevice, and its public value for one sign-in; all are hexadecimal. */
    async register() {
      helper = await getAuthenticationHelper(groupKey);
      await helper.generateHashDevice(groupKey, key);
      const sent = [helper.getVerifierDevices(), helper.getSaltToHashDevices()];
      const [verifier, salt] = sent.map((hex) => Buffer.from(getBytesFromHex(hex)).toString("hex"));
      return { verifier, salt, a: helper.A.toString(16) };
    },
    /** @param {{ SALT: string, SRP_B: string, SECRET_BLOCK: string }} challengeParameters */
    async prove(challengeParameters) {
      const dateNow = getNowString();
      const hkdf = await helper.getPasswordAuthenticationKey({
        username: key,
        password: helper.getRandomPassword(),
        serverBValue: new BigInteger(challengeParameters.SRP_B, 16),
        salt: new BigInteger(challengeParameters.SALT, 16),
      });
      const signed = { username: key, userPoolName: groupKey, challengeParameters, dateNow, hkdf };
      return { timestamp: dateNow, signature: getSignatureString(signed) };
    },
  };
}
