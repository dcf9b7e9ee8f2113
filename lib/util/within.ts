/**
 * Waits for `promise`, but no longer than `milliseconds`; says whether it came
 * in time. Rejects if the promise does so in time.
 */
export async function within(
  milliseconds: number,
  promise: Promise<unknown>,
): Promise<boolean> {
  const timeIsOver = Promise.withResolvers<false>();
  const timer = setTimeout(() => timeIsOver.resolve(false), milliseconds);
  try {
    return await Promise.race([promise.then(() => true), timeIsOver.promise]);
  } finally {
    clearTimeout(timer);
  }
}
