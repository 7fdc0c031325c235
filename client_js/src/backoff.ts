/** How long to wait before the next attempt to connect. */

export const FIRST_MS = 500;
export const LAST_MS = 20_000;

/**
 * Full jitter: anywhere in a window of a third of the time that we have been away, within 0.5 and 20 s. So a server
 * that was away for some seconds is found again within two, one that was away for long is not stormed, and
 * the pages do not come all at once.
 *
 * @param away ms since the connection was lost
 * @param random in [0, 1)
 */
export function backoff(away: number, random: () => number): number {
  return random() * Math.min(LAST_MS, Math.max(FIRST_MS, away / 3));
}
