/** Waits that end as soon as a signal is aborted. */

/**
 * Throw the signal's reason if it is aborted. Some browsers of 2022 lack AbortSignal.throwIfAborted.
 *
 * @param {AbortSignal} [signal]
 */
export function throwIfAborted(signal) {
  if (signal?.aborted) throw signal.reason;
}

/**
 * Return the result of `work`, or reject with the signal's reason as soon as it is aborted.
 *
 * @template Result
 * @param {(over: AbortSignal) => Promise<Result>} work Its signal is aborted once the result no longer matters.
 * @param {AbortSignal} [signal]
 * @returns {Promise<Result>}
 */
export async function unlessAborted(work, signal) {
  throwIfAborted(signal);
  const over = new AbortController();
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason), { signal: over.signal });
  });
  // An async function, because `work` may throw before it returns a promise.
  const working = (async () => work(over.signal))();
  return Promise.race([working, aborted]).finally(() => over.abort());
}

/**
 * Wait, or reject with the signal's reason as soon as it is aborted.
 *
 * @param {number} seconds
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
export function wait(seconds, signal) {
  return unlessAborted(
    (over) =>
      new Promise((done) => {
        const timer = setTimeout(done, seconds * 1000);
        over.addEventListener("abort", () => clearTimeout(timer));
      }),
    signal,
  );
}
