import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { DurationText } from '../../components/time-text.tsx';
import { splitTiming, summarizeGaps } from './split-timing.ts';
import classes from './requests.module.css';

/** More ticks than this cannot be told apart. */
const MOST_TICKS = 400;

/** Where the time went, to scale, and when each piece of a stream came. */
export function TimingBar({ request }: { readonly request: RequestDetail }) {
  const { duration_ms: durationMs, chunk_times_ms: times, time } = request;
  if (durationMs === null) {
    return (
      <div className={classes.timing}>
        {request.state === 'running' ? 'Running for ' : 'Duration not known: '}
        <DurationText
          startMs={request.state === 'running' ? Date.parse(time) : null}
          endMs={request.state === 'running' ? null : 0}
        />
      </div>
    );
  }
  const parts = splitTiming(request);
  return (
    <div className={classes.timing}>
      <div className={classes.timingTotal}>
        <span>{formatDuration(durationMs)} in all</span>
        {request.ttft_ms !== null && <span>TTFT {formatDuration(request.ttft_ms)}</span>}
        {rate(request) !== null && <span>{rate(request)} tokens/s after the first</span>}
      </div>
      <div className={classes.bar} aria-hidden="true">
        {parts.map(({ name, ms }) => (
          <span key={name} data-part={name} style={{ flexGrow: ms }} />
        ))}
      </div>
      {times && times.length > 1 && <ChunkTicks timesMs={times} durationMs={durationMs} />}
      <ul className={classes.legend}>
        {parts.map(({ name, label, ms }) => (
          <li key={name}>
            <span data-part={name} aria-hidden="true" />
            {label} {formatDuration(ms)}
          </li>
        ))}
      </ul>
    </div>
  );
}

function ChunkTicks({ timesMs, durationMs }: { readonly timesMs: readonly number[]; readonly durationMs: number }) {
  const { chunks, medianMs, longestMs } = summarizeGaps(timesMs);
  const step = Math.ceil(timesMs.length / MOST_TICKS);
  const end = Math.max(durationMs, timesMs.at(-1) ?? 0, 1);
  const ticks = timesMs.filter((_, index) => index % step === 0).map((ms) => `M${((ms / end) * 1000).toFixed(1)} 0V10`);
  return (
    <>
      <svg className={classes.ticks} viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
        <path d={ticks.join('')} stroke="currentColor" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      </svg>
      <div className={classes.hint}>
        {chunks.toLocaleString('en-US')} pieces, {formatDuration(medianMs)} apart in the median, at most{' '}
        {formatDuration(longestMs)}
      </div>
    </>
  );
}

/** Tokens per second after the first one. */
function rate({ completion_tokens: tokens, ttft_ms: ttftMs, duration_ms: durationMs }: RequestDetail): string | null {
  if (tokens === null || tokens < 2 || ttftMs === null || durationMs === null || durationMs <= ttftMs) return null;
  return (((tokens - 1) / (durationMs - ttftMs)) * 1000).toFixed(1);
}
