import { SegmentedControl, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { TrafficStats } from '../../../electron/contract/request-row.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { formatDuration } from '../../components/format-duration.ts';
import { formatCompact, formatCount, formatRate } from '../../components/format-number.ts';
import { refreshTraffic, selectLastHour, selectLastMinute, useTraffic } from '../../stores/traffic.ts';
import { RetryButton } from '../../components/retry-button.tsx';
import classes from './overview.module.css';

type Window = 'minute' | 'hour';

/** How much and how fast, over the last minute or hour. */
export function TrafficTiles() {
  const [window, setWindow] = useState<Window>('minute');
  const minute = useTraffic(selectLastMinute);
  const hour = useTraffic(selectLastHour);
  const traffic = window === 'minute' ? minute : hour;
  const stats = traffic.state === 'loaded' ? traffic.value : null;
  const error = traffic.state === 'failed' ? traffic.error : traffic.state === 'loaded' ? traffic.refreshError : null;
  return (
    <section aria-labelledby="traffic-heading">
      <div style={{ display: 'flex', justifyContent: 'space-between', alignItems: 'center', marginBottom: 8 }}>
        <h2 id="traffic-heading" className={classes.heading} style={{ margin: 0 }}>
          Traffic
        </h2>
        <SegmentedControl
          size="xs"
          aria-label="Window of the figures"
          value={window}
          onChange={(value) => setWindow(value as Window)}
          data={[
            { value: 'minute', label: 'Last minute' },
            { value: 'hour', label: 'Last hour' },
          ]}
        />
      </div>
      {error && (
        <div style={{ marginBottom: 12 }}>
          <ErrorNotice error={error} tone={stats ? 'warn' : 'bad'}>
            <RetryButton onRetry={() => void refreshTraffic()} />
          </ErrorNotice>
        </div>
      )}
      {traffic.state !== 'failed' && (
        <dl className={classes.tiles} aria-busy={stats === null}>
          <Tile label="Requests" stats={stats} unit="/s" note={(s) => `${formatCount(s.requests)} in all`}>
            {(s) => formatRate(perSecond(s, s.requests))}
          </Tile>
          <Tile
            label="Tokens generated"
            stats={stats}
            unit="/s"
            note={(s) => `${formatCompact(s.completionTokens)} out, ${formatCompact(s.promptTokens)} in`}
          >
            {(s) => formatRate(perSecond(s, s.completionTokens))}
          </Tile>
          <Tile label="Errors" stats={stats} note={(s) => `${formatCount(s.rejected)} rejected`}>
            {(s) => <span className={s.errors > 0 ? classes.tileBad : ''}>{formatCount(s.errors)}</span>}
          </Tile>
          <Tile label="Running now" stats={stats} note={() => 'requests in flight'}>
            {(s) => formatCount(s.running)}
          </Tile>
          <Tile label="TTFT p50" stats={stats} note={() => 'half wait longer'}>
            {(s) => formatDuration(s.ttftP50Ms)}
          </Tile>
          <Tile label="TTFT p95" stats={stats} note={() => '1 in 20 waits longer'}>
            {(s) => formatDuration(s.ttftP95Ms)}
          </Tile>
        </dl>
      )}
    </section>
  );
}

interface TileProps {
  readonly label: string;
  readonly stats: TrafficStats | null;
  readonly unit?: string;
  readonly note: (stats: TrafficStats) => string;
  readonly children: (stats: TrafficStats) => ReactNode;
}

function Tile({ label, stats, unit, note, children }: TileProps) {
  return (
    <div className={classes.tile}>
      <dt>{label}</dt>
      <dd>
        {stats ? (
          <>
            <div className={classes.tileValue}>
              {children(stats)}
              {unit && <span className={classes.tileUnit}>{unit}</span>}
            </div>
            <div className={classes.tileNote}>{note(stats)}</div>
          </>
        ) : (
          <Skeleton height={46} mt={4} />
        )}
      </dd>
    </div>
  );
}

function perSecond(stats: TrafficStats, count: number): number {
  return count / (stats.windowMs / 1000);
}
