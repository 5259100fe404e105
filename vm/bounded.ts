// SPDX-License-Identifier: MIT
/** Every wait has a bound: what is awaited, for how long at most, and what is thrown then. */

/** `promise`, or a rejection with `onTimeout()` after `ms` milliseconds. The awaited work itself is not stopped. */
export async function within<T>(promise: Promise<T>, ms: number, onTimeout: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(onTimeout()), ms);
  });
  try {
    return await Promise.race([promise, bound]);
  } finally {
    clearTimeout(timer);
  }
}

/** True if `promise` settled (either way) within `ms` milliseconds. */
export async function settledWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = new Error('late');
  try {
    await within(promise, ms, () => late);
    return true;
  } catch (error) {
    return error !== late;
  }
}
