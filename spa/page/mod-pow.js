/**
 * Calculate Amplify's powers with BigInt, in a tenth of the processor time. Its own arithmetic takes most of the
 * processor time of a sign-in. Amplify replaces the same method for React Native.
 */

// @ts-expect-error The package has no types for this path.
import BigInteger from "../node_modules/@aws-amplify/auth/dist/esm/providers/cognito/utils/srp/BigInteger/BigInteger.mjs";

/** @typedef {{ mod: (modulus: Integer) => Integer, toString: (radix: 16) => string }} Integer Amplify's BigInteger. */

/**
 * @this {Integer}
 * @param {Integer} exponent 0 or more.
 * @param {Integer} modulus More than 1.
 * @param {(error: null, power: Integer) => void} callback
 */
BigInteger.prototype.modPow = function (exponent, modulus, callback) {
  const divisor = toBigInt(modulus);
  const base = toBigInt(this.mod(modulus)); // it may be negative, and its remainder is not
  let power = 1n;
  for (const bit of toBigInt(exponent).toString(2)) {
    power = (power * power) % divisor;
    if (bit === "1") power = (power * base) % divisor;
  }
  callback(null, new BigInteger(power.toString(16), 16));
};

/** @param {Integer} integer */
function toBigInt(integer) {
  return BigInt(`0x${integer.toString(16)}`);
}
