/** What the times of a device tell about it: whether it is new, and whether it is still in use. */

/** @typedef {import("../client/index.js").Device} Device */

const DAY = 86_400_000; // milliseconds

const NEW_DAYS = 1;
export const UNUSED_DAYS = 90;

/**
 * Return when a device was last seen, in milliseconds since 1970, or 0 if that is unknown.
 *
 * @param {Device} device
 */
function lastSeen({ lastAuthenticatedAt, createdAt }) {
  // Cognito gives only createdAt to the millisecond, so it can be later than lastAuthenticatedAt. Take the later one.
  return Math.max(...[lastAuthenticatedAt, createdAt].map((time) => Date.parse(time ?? "") || 0));
}

/**
 * Return whether another device was first seen within a day. The user should look at it: it may be somebody else's.
 *
 * @param {Device} device
 */
export const isNew = ({ current, createdAt }) => !current && Date.now() - Date.parse(createdAt ?? "") < NEW_DAYS * DAY;

/**
 * Return whether another device was not used for long. A device without times is not: nobody knows when it was used.
 *
 * @param {Device} device
 */
export function isUnused(device) {
  const seen = lastSeen(device);
  return !device.current && seen > 0 && Date.now() - seen > UNUSED_DAYS * DAY;
}

/**
 * Sort the current device first, then the others by when they were last seen.
 *
 * @param {Device} one
 * @param {Device} other
 */
export const byUse = (one, other) => Number(other.current) - Number(one.current) || lastSeen(other) - lastSeen(one);
