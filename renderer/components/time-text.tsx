import { Tooltip } from '@mantine/core';
import { useNow } from './use-now.ts';
import { formatAgo, formatDuration } from './format-duration.ts';

const TICK_MS = 1000;

export interface RelativeTimeProps {
  /** ISO 8601, or UTC epoch milliseconds; null shows a dash. */
  readonly time: string | number | null;
}

/** How long ago, kept up to date; the exact time on hover and on focus. */
export function RelativeTime({ time }: RelativeTimeProps) {
  const nowMs = useNow(TICK_MS);
  if (time === null) return <>–</>;
  const timeMs = typeof time === 'number' ? time : Date.parse(time);
  const exact = formatDateTime(timeMs);
  return (
    <Tooltip label={exact}>
      <time dateTime={new Date(timeMs).toISOString()} title={exact}>
        {formatAgo(timeMs, nowMs)}
      </time>
    </Tooltip>
  );
}

/** How long something has lasted: until `endMs`, or until now and still counting when that is null. */
export function DurationText({ startMs, endMs }: { readonly startMs: number | null; readonly endMs: number | null }) {
  const nowMs = useNow(endMs === null ? TICK_MS : null);
  return <>{startMs === null ? '–' : formatDuration(Math.max(0, (endMs ?? nowMs) - startMs))}</>;
}

/** Local date and time with seconds, always in the same width. */
export function formatDateTime(timeMs: number): string {
  const date = new Date(timeMs);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatClock(timeMs)}`;
}

/** Local time of day, such as 14:03:07. */
export function formatClock(timeMs: number): string {
  const date = new Date(timeMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}
