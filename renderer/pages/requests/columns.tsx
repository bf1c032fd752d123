import type { ReactNode } from 'react';
import type { RequestSummary } from '../../../electron/contract/request-row.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { formatCount } from '../../components/format-number.ts';
import { RequestStateBadge } from '../../components/state-badge.tsx';
import { DurationText, formatClock, formatDateTime } from '../../components/time-text.tsx';
import { reconcileColumns } from '../../stores/column-choice.ts';
import type { ColumnChoice } from '../../stores/column-choice.ts';
import { fitColumns } from './fit-columns.ts';
import type { FittedColumn } from './fit-columns.ts';

export interface RequestColumn extends FittedColumn {
  readonly label: string;
  /** Share of the room that is left over; 0 keeps the least width. */
  readonly grow: number;
  readonly align: 'left' | 'right';
  /** Full text for the pointer where the cell may be cut; null for none. */
  readonly title: (row: RequestSummary) => string | null;
  readonly cell: (row: RequestSummary) => ReactNode;
}

const left = { align: 'left', title: () => null } as const;
const right = { align: 'right', grow: 0, title: () => null } as const;

/** Every column of the table, in order. */
export const requestColumns: readonly RequestColumn[] = [
  { ...left, id: 'state', label: 'State', width: 120, grow: 0, rank: 0, cell: stateCell },
  {
    ...left,
    id: 'time',
    label: 'Time',
    width: 76,
    grow: 0.4,
    rank: 0,
    title: ({ time }) => formatDateTime(Date.parse(time)),
    cell: ({ time }) => timeCell(Date.parse(time), Date.now()),
  },
  textColumn('model', 'Model', 100, 3, 1, ({ model }) => model),
  textColumn('feature', 'Feature', 104, 3, 5, ({ feature }) => feature),
  textColumn('server', 'Server', 90, 2, 7, ({ served_by: server }) => server),
  textColumn('key', 'Key', 74, 1.5, 6, ({ key }) => key),
  { ...right, id: 'status', label: 'Status', width: 62, rank: 2, cell: ({ http_status: status }) => status ?? '–' },
  { ...right, id: 'in', label: 'In', width: 58, rank: 8, cell: ({ prompt_tokens: count }) => formatCount(count) },
  { ...right, id: 'out', label: 'Out', width: 58, rank: 8, cell: ({ completion_tokens: count }) => formatCount(count) },
  { ...right, id: 'ttft', label: 'TTFT', width: 66, rank: 4, cell: ({ ttft_ms: ms }) => formatDuration(ms) },
  { ...right, id: 'duration', label: 'Duration', width: 82, rank: 3, cell: durationCell },
  textColumn('route', 'Route', 100, 4, 9, ({ route }) => route),
  { ...right, id: 'queue', label: 'Queue', width: 66, rank: 10, cell: ({ queue_ms: ms }) => formatDuration(ms) },
  { ...right, id: 'cached', label: 'Cached', width: 66, rank: 10, cell: ({ cached_tokens: n }) => formatCount(n) },
  { ...right, id: 'retries', label: 'Retries', width: 62, rank: 10, cell: ({ retries }) => formatCount(retries) },
  textColumn('finish', 'Finish', 74, 1, 10, ({ finish_reason: reason }) => reason),
  textColumn('client', 'Client', 96, 1.5, 10, ({ client_address: address }) => address),
  textColumn('request', 'Request id', 120, 3, 10, ({ request_id: requestId }) => requestId),
  textColumn('error', 'Error', 130, 4, 10, ({ error }) => error),
];

/** All columns in their order, and those that are shown only when the operator chooses them. */
export const defaultColumns: ColumnChoice = {
  order: requestColumns.map(({ id }) => id),
  hidden: ['queue', 'cached', 'retries', 'finish', 'client', 'request', 'error'],
};

/** The columns to draw in a width: by default as many as have room, else all that the operator chose. */
export function shownColumns(kept: ColumnChoice | null, widthPx: number): readonly RequestColumn[] {
  const { order, hidden } = reconcileColumns(kept, defaultColumns);
  const chosen = order.flatMap((id) =>
    hidden.includes(id) ? [] : requestColumns.filter((column) => column.id === id),
  );
  return kept ? chosen : fitColumns(chosen, widthPx);
}

function textColumn(
  id: string,
  label: string,
  width: number,
  grow: number,
  rank: number,
  read: (row: RequestSummary) => string | null,
): RequestColumn {
  return { id, label, width, grow, rank, align: 'left', title: read, cell: (row) => read(row) ?? '–' };
}

function stateCell({ state, count }: RequestSummary): ReactNode {
  return (
    <>
      <RequestStateBadge state={state} />
      {count > 1 && ` ×${formatCount(count)}`}
    </>
  );
}

/** The time of day, and the date before it when it was another day. */
function timeCell(timeMs: number, nowMs: number): string {
  const sameDay = new Date(timeMs).toDateString() === new Date(nowMs).toDateString();
  return sameDay ? formatClock(timeMs) : formatDateTime(timeMs).slice(5, 16);
}

function durationCell({ state, time, duration_ms: durationMs }: RequestSummary): ReactNode {
  return state === 'running' ? <DurationText startMs={Date.parse(time)} endMs={null} /> : formatDuration(durationMs);
}
