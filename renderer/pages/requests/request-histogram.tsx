import { useState } from 'react';
import type { PointerEvent } from 'react';
import type { RequestHistogram } from '../../../electron/contract/request-analysis.ts';
import type { RequestState } from '../../../electron/contract/request-states.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RetryButton } from '../../components/retry-button.tsx';
import { ToneShape } from '../../components/state-badge.tsx';
import { formatDateTime } from '../../components/time-text.tsx';
import { analysisWarnings, totalsProblem } from '../../stores/analysis-problems.ts';
import { assumedRangeWords, brushedRange, countInState, highestBucket } from '../../stores/histogram-range.ts';
import type { TimeRange } from '../../stores/histogram-range.ts';
import {
  refreshAnalysis,
  selectCounted,
  selectHistogram,
  selectTotals,
  useRequestAnalysis,
} from '../../stores/request-analysis.ts';
import { requestStateTone, requestStateWord } from '../../stores/state-words.ts';
import classes from './histogram.module.css';

const HEIGHT = 44;
/** From the bottom up; what went wrong is at the top, where it stands out. */
const stacked: readonly RequestState[] = ['ok', 'running', 'cancelled', 'rejected', 'error'];

interface BrushProps {
  readonly onBrush: (range: TimeRange) => void;
}

/** Requests over time by what became of them; dragging over it sets the time range, as the fields above do. */
export function RequestHistogramView({ onBrush }: BrushProps) {
  const histogram = useRequestAnalysis(selectHistogram);
  return (
    <section className={classes.frame} aria-label="Requests over time">
      <AnalysisNotices />
      <AsyncView
        data={histogram}
        what="requests over time"
        skeleton={<div className={classes.awaited} />}
        onRetry={() => void refreshAnalysis()}
      >
        {(value) => (
          <>
            <Legend histogram={value} />
            <Plot histogram={value} onBrush={onBrush} />
          </>
        )}
      </AsyncView>
    </section>
  );
}

/** What is missing from the numbers: totals that could not be read, and rows that could not be counted. */
function AnalysisNotices() {
  const histogram = useRequestAnalysis(selectHistogram);
  const totals = useRequestAnalysis(selectTotals);
  const problem = totalsProblem(totals, histogram);
  return (
    <>
      {problem && (
        <div className={classes.notice}>
          <ErrorNotice error={problem}>
            <RetryButton onRetry={() => void refreshAnalysis()} />
          </ErrorNotice>
        </div>
      )}
      {analysisWarnings(totals, histogram).map((message) => (
        <div key={message} className={classes.notice}>
          <ErrorNotice error={{ message }} tone="warn" alert={false} />
        </div>
      ))}
    </>
  );
}

/** Which colour is which state, with the count that the bars of it add up to. */
function Legend({ histogram }: { readonly histogram: RequestHistogram }) {
  const assumed = assumedRangeWords(useRequestAnalysis(selectCounted));
  return (
    <div className={classes.caption}>
      <span>Requests over time{assumed !== '' && `, ${assumed}`}</span>
      <ul className={classes.legend} aria-label="Requests in the chart">
        {stacked.map((state) => (
          <li key={state} data-state={state}>
            <ToneShape tone={requestStateTone(state)} />
            <span>
              {requestStateWord(state)} {countInState(histogram, state).toLocaleString('en-US')}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Plot({ histogram, onBrush }: BrushProps & { readonly histogram: RequestHistogram }) {
  const [brush, setBrush] = useState<{ readonly from: number; readonly to: number } | null>(null);

  function placeOf(event: PointerEvent<HTMLElement>): number {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
  }
  const range = brush && brushedRange(histogram, brush.from, brush.to);
  return (
    <>
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
    </>
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
