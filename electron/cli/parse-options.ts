import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../contract/duration.ts';

// 2026-11-24, 2026-11-24T15:04, 2026-11-24 15:04:05.123, each with or without a zone.
const isoTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A moment as UTC epoch milliseconds, from how long ago it was ("90s", "1h", "7d") or an ISO time. Without a zone it is
 * local time, as tables show it. Null when it is neither.
 */
export function parseMoment(text: string, nowMs: number): number | null {
  const agoMs = parseDurationMs(text);
  if (agoMs !== null) return nowMs - agoMs;
  if (!isoTime.test(text)) return null;
  // A date alone would be taken as UTC.
  const withTime = text.length === 10 ? `${text}T00:00` : text.replace(' ', 'T');
  const timeMs = Date.parse(withTime);
  return Number.isNaN(timeMs) ? null : timeMs;
}

/** For commander: --since and --until. */
export function momentOption(text: string): number {
  const timeMs = parseMoment(text, Date.now());
  if (timeMs === null) {
    throw new InvalidArgumentError('Use how long ago, such as 30m, 1h or 7d, or a time such as 2026-11-24T15:04Z.');
  }
  return timeMs;
}

/** For commander: a whole number inside a range. */
export function integerOption(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      throw new InvalidArgumentError(
        most === Number.MAX_SAFE_INTEGER
          ? `Use a whole number from ${least} on.`
          : `Use a whole number from ${least} to ${most}.`,
      );
    }
    return value;
  };
}
