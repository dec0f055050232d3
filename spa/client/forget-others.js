/** Forgets many devices, one after the other. */

import { throwIfAborted, wait } from "./aborting.js";
import { DevicesError, ENDING } from "./devices-error.js";

/** @typedef {import("./devices-client.js").Device} Device */
/** @typedef {import("./requests.js").Options} Options */
/**
 * @typedef {object} ForgetOthersOptions
 * @property {((progress: { done: number, total: number }) => void) | undefined} [onProgress] Called once before the first device,
 *   and after each. `done`: devices that are forgotten or failed; `total`: devices that shall be forgotten.
 * @property {((device: Device) => boolean) | undefined} [only] Forget only devices for which it returns true; never the current one.
 */
/** @typedef {{ forgotten: number, left: { device: Device, error: DevicesError }[] }} ForgetOthersResult */

// Fewer than 8 changes a second. Cognito allows 10 a second for a user, and 25 for all users together (UserResourceUpdate):
// https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
const PAUSE_SECONDS = 0.125;
// So that the user need not wait for the time limit of each device while the network is down.
const FAILURES_IN_A_ROW = 3;

/**
 * Forget devices. A device that fails does not stop the others; three failures in a row do.
 *
 * @param {Device[]} devices
 * @param {(deviceKey: string, options: Options) => Promise<void>} forget
 * @param {Options & Pick<ForgetOthersOptions, "onProgress">} options
 * @returns {Promise<ForgetOthersResult>}
 */
export async function forgetAll(devices, forget, { onProgress = () => {}, ...options }) {
  const total = devices.length;
  const left = [];
  let failures = 0;
  onProgress({ done: 0, total });
  for (const [index, device] of devices.entries()) {
    if (index > 0) await wait(PAUSE_SECONDS, options.signal);
    const error = await errorOf(forget(device.deviceKey, options));
    throwIfAborted(options.signal);
    if (error) left.push({ device, error });
    failures = error ? failures + 1 : 0;
    if (error && failures === FAILURES_IN_A_ROW) {
      for (const next of devices.slice(index + 1)) left.push({ device: next, error });
      break;
    }
    onProgress({ done: index + 1, total });
  }
  return { forgotten: total - left.length, left };
}

/**
 * Return why a device was not forgotten, or undefined if it is. Throw what concerns all devices.
 *
 * @param {Promise<void>} forgetting
 */
async function errorOf(forgetting) {
  try {
    await forgetting;
  } catch (error) {
    if (!(error instanceof DevicesError) || ENDING.has(error.type)) throw error;
    // The user forgot it elsewhere, or Cognito did in an attempt whose response came too late.
    if (error.type !== "device-not-found") return error;
  }
  return undefined;
}
