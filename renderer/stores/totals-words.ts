import type { Percentiles, RequestTotals } from '../../electron/contract/request-analysis.ts';
import { formatDuration } from '../components/format-duration.ts';

/** How much matches, honestly: what was counted to an end, and what was not. */
export function totalsWords({ requests, rows, isCapped, errors }: RequestTotals): string {
  const share = requests === 0 ? '' : `, ${shareText(errors / requests)} errors`;
  if (isCapped) return `More than ${rows.toLocaleString('en-US')} requests${share} among the newest of them`;
  return `${requests.toLocaleString('en-US')} ${requests === 1 ? 'request' : 'requests'}${share}`;
}

/** How long it took half of what matches, and all but a twentieth; empty when no time is known. */
export function latencyWords({ durationMs, ttftMs }: RequestTotals): string {
  return [percentileText('Duration', durationMs), percentileText('TTFT', ttftMs)]
    .filter((text) => text !== '')
    .join('; ');
}

function percentileText(name: string, values: Percentiles | null): string {
  return values === null ? '' : `${name} p50 ${formatDuration(values.p50)}, p95 ${formatDuration(values.p95)}`;
}

/** "0 %" is none at all, and "100 %" all. */
function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return 'under 0.1 %';
  if (percent < 100 && percent > 99.9) return 'over 99.9 %';
  return `${Number(percent.toFixed(1))} %`;
}
