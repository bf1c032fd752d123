import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { DurationText } from '../../components/time-text.tsx';
import { chunkDensity } from './chunk-density.ts';
import { splitTiming, summarizeGaps } from './split-timing.ts';
import classes from './requests.module.css';

/** Spans that the density of a stream is drawn in. */
const BINS = 120;

/** Where the time went, to scale, one part below the other, and how densely the pieces of a stream came. */
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
  const totalMs = Math.max(durationMs, Number.MIN_VALUE);
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, { ms }) => sum + ms, 0));
  return (
    <section className={classes.timing} aria-label="Timing">
      <div className={classes.timingTotal}>
        <span>{formatDuration(durationMs)} in all</span>
        {request.ttft_ms !== null && <span>TTFT {formatDuration(request.ttft_ms)}</span>}
        {rate(request) !== null && <span>{rate(request)} tokens/s after the first</span>}
      </div>
      <ul className={classes.waterfall}>
        {parts.map(({ name, label, ms }, index) => (
          <li key={name}>
            <span>{label}</span>
            <span className={classes.track} aria-hidden="true">
              <span
                data-part={name}
                style={{ left: `${((starts[index] ?? 0) / totalMs) * 100}%`, width: `${(ms / totalMs) * 100}%` }}
              />
            </span>
            <span className={classes.partTime}>{formatDuration(ms)}</span>
          </li>
        ))}
        {times && times.length > 1 && (
          <li>
            <span>Pieces</span>
            <Density timesMs={times} durationMs={durationMs} />
            <span className={classes.partTime}>{times.length.toLocaleString('en-US')}</span>
          </li>
        )}
      </ul>
      {times && times.length > 1 && <Gaps timesMs={times} />}
    </section>
  );
}

/** The more pieces came in a span, the higher its column; drawn on the time scale of the bars above. */
function Density({ timesMs, durationMs }: { readonly timesMs: readonly number[]; readonly durationMs: number }) {
  const counts = chunkDensity(timesMs, 0, Math.max(durationMs, timesMs.at(-1) ?? 0), BINS);
  const most = Math.max(...counts);
  const path = counts.flatMap((count, bin) => (count === 0 ? [] : [`M${bin + 0.5} 20V${20 - (count / most) * 19}`]));
  return (
    <svg className={classes.density} viewBox={`0 0 ${BINS} 20`} preserveAspectRatio="none" aria-hidden="true">
      <path d={path.join('')} stroke="currentColor" strokeWidth="0.85" />
    </svg>
  );
}

function Gaps({ timesMs }: { readonly timesMs: readonly number[] }) {
  const { medianMs, longestMs } = summarizeGaps(timesMs);
  return (
    <div className={classes.hint}>
      Pieces came {formatDuration(medianMs)} apart in the median, at most {formatDuration(longestMs)}
    </div>
  );
}

/** Tokens per second after the first one. */
function rate({ completion_tokens: tokens, ttft_ms: ttftMs, duration_ms: durationMs }: RequestDetail): string | null {
  if (tokens === null || tokens < 2 || ttftMs === null || durationMs === null || durationMs <= ttftMs) return null;
  return (((tokens - 1) / (durationMs - ttftMs)) * 1000).toFixed(1);
}
