/** The powers that the page calculates, compared with those of Amplify's own arithmetic. */

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, it } from "node:test";

const SRP = "../../spa/node_modules/@aws-amplify/auth/dist/esm/providers/cognito/utils/srp";
const { default: BigInteger } = await import(`${SRP}/BigInteger/BigInteger.mjs`);
const { INIT_N } = await import(`${SRP}/constants.mjs`);

const amplifys = BigInteger.prototype.modPow;
await import("../../spa/page/mod-pow.js");
const ours = BigInteger.prototype.modPow;

const N = integer(INIT_N);
const [zero, one, two] = ["0", "1", "2"].map(integer);

/** @param {string} digits Hexadecimal. @returns {any} */
function integer(digits) {
  return new BigInteger(digits, 16);
}

/** @param {number} bytes */
function random(bytes) {
  return integer(randomBytes(bytes).toString("hex"));
}

/**
 * @param {Function} modPow
 * @param {any[]} numbers Base, exponent and modulus.
 * @returns {string}
 */
function power(modPow, [base, exponent, modulus]) {
  let digits = "";
  modPow.call(base, exponent, modulus, (/** @type {unknown} */ error, /** @type {any} */ result) => {
    assert.equal(error, null);
    assert.ok(result instanceof BigInteger);
    digits = result.toString(16);
  });
  return digits;
}

describe("a power is Amplify's", () => {
  for (const [title, sample] of Object.entries({
    "of the generator": () => [two, random(128), N],
    "with the exponent of a verifier": () => [two, random(32), N],
    "of a number below the modulus": () => [random(300), random(160), N],
    "of a number above the modulus": () => [random(500), random(64), N],
    "of a negative number": () => [random(300).subtract(random(500)), random(64), N],
    "with an exponent that ends in zeros": () => [random(300), integer(`1${"0".repeat(40)}`), N],
    "with another modulus": () => [random(40), random(40), random(30).multiply(two).add(one)],
  })) {
    it(title, () => {
      for (let repeated = 0; repeated < 5; repeated++) {
        const numbers = sample();
        assert.equal(power(ours, numbers), power(amplifys, numbers), numbers.map((each) => each.toString(16)).join(" "));
      }
    });
  }
});

describe("a power", () => {
  it("of 0 is 0", () => assert.equal(power(ours, [zero, random(32), N]), "0"));
  it("with the exponent 0 is 1", () => assert.equal(power(ours, [random(32), zero, N]), "1"));
});
