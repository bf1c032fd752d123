import { useState } from 'react';
import type { PointerEvent } from 'react';
import type { RequestHistogram } from '../../../electron/contract/request-analysis.ts';
import type { RequestState } from '../../../electron/contract/request-states.ts';
import { formatDateTime } from '../../components/time-text.tsx';
import { brushedRange, highestBucket } from '../../stores/histogram-range.ts';
import type { TimeRange } from '../../stores/histogram-range.ts';
import { valueOf } from '../../stores/loadable.ts';
import { selectHistogram, useRequestAnalysis } from '../../stores/request-analysis.ts';
import classes from './histogram.module.css';

const HEIGHT = 44;
/** From the bottom up; what went wrong is at the top, where it stands out. */
const stacked: readonly RequestState[] = ['ok', 'running', 'cancelled', 'rejected', 'error'];

/** Requests over time by what became of them; dragging over it sets the time range, as the fields above do. */
export function RequestHistogramView({ onBrush }: { readonly onBrush: (range: TimeRange) => void }) {
  const histogram = valueOf(useRequestAnalysis(selectHistogram));
  const [brush, setBrush] = useState<{ readonly from: number; readonly to: number } | null>(null);
  if (!histogram) return <div className={classes.frame} />;

  function placeOf(event: PointerEvent<HTMLElement>): number {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
  }
  const range = brush && brushedRange(histogram, brush.from, brush.to);
  return (
    <div className={classes.frame}>
      <div
        className={classes.plot}
        data-testid="request-histogram"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ from: placeOf(event), to: placeOf(event) });
        }}
        onPointerMove={(event) => {
          if (brush) setBrush({ ...brush, to: placeOf(event) });
        }}
        onPointerUp={() => {
          setBrush(null);
          if (range) onBrush(range);
        }}
        onPointerCancel={() => setBrush(null)}
      >
        <Bars histogram={histogram} />
        {brush && (
          <div
            className={classes.brush}
            style={{
              left: `${Math.min(brush.from, brush.to) * 100}%`,
              width: `${Math.abs(brush.to - brush.from) * 100}%`,
            }}
          />
        )}
      </div>
      <div className={classes.axis}>
        <span>{formatDateTime((range ?? histogram).sinceMs)}</span>
        <span>
          {range ? 'Let go to show this range' : `at most ${highestBucket(histogram).toLocaleString('en-US')}`}
        </span>
        <span>{formatDateTime((range ?? histogram).untilMs)}</span>
      </div>
    </div>
  );
}

function Bars({ histogram }: { readonly histogram: RequestHistogram }) {
  const buckets = histogram.counts.ok.length;
  const scale = HEIGHT / highestBucket(histogram);
  const below = new Array<number>(buckets).fill(0);
  return (
    <svg className={classes.bars} viewBox={`0 0 ${buckets} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      {stacked.map((state) => {
        const path = histogram.counts[state].flatMap((count, index) => {
          if (count === 0) return [];
          const bottom = HEIGHT - (below[index] ?? 0) * scale;
          below[index] = (below[index] ?? 0) + count;
          // What is there at all can be seen.
          return [`M${index + 0.08} ${bottom}h.84v${-Math.max(count * scale, 1.5)}h-.84z`];
        });
        return <path key={state} data-state={state} d={path.join('')} />;
      })}
    </svg>
  );
}
