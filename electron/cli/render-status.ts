import type { ActualState } from '../contract/process-state.ts';
import type { GpuStatus, ProcessStatus, SiteStatus } from '../contract/site-status.ts';
import { formatAge, formatDuration, formatGib } from './format-values.ts';
import { harmlessLine } from './harmless-text.ts';
import type { TableColumn } from './render-table.ts';
import { renderTable } from './render-table.ts';
import type { TextStyle, Tone } from './text-style.ts';

export interface StatusView {
  readonly nowMs: number;
  readonly style: TextStyle;
  /** Width to cut tables to, or null. */
  readonly columns: number | null;
}

const stateLooks: Record<ActualState, { readonly symbol: string; readonly tone: Tone }> = {
  ready: { symbol: '●', tone: 'good' },
  starting: { symbol: '◐', tone: 'warning' },
  stopping: { symbol: '◑', tone: 'warning' },
  degraded: { symbol: '▲', tone: 'warning' },
  hung: { symbol: '▲', tone: 'bad' },
  'backing-off': { symbol: '↻', tone: 'warning' },
  failed: { symbol: '✗', tone: 'bad' },
  lost: { symbol: '?', tone: 'bad' },
  stopped: { symbol: '■', tone: 'quiet' },
};

/** `outpost status` for people. */
export function renderStatus(status: SiteStatus, view: StatusView): string {
  const { style } = view;
  const { site_file: file } = status;
  const heading = [
    style('strong', harmlessLine(status.site)),
    `service    process ${status.service.pid}, version ${status.service.version}`,
    `site file  ${file.path}, revision ${file.revision}`,
    `gateway    ${status.gateway.join(', ') || 'no address'}`,
  ];
  const sections = [heading.join('\n')];
  if (file.problems !== null) sections.push(renderProblems(status, style));
  sections.push(renderTable(processColumns(view.nowMs), status.processes, style, view.columns));
  sections.push(
    status.gpus.length > 0
      ? renderTable(gpuColumns, status.gpus, style, view.columns)
      : (status.gpus_note ?? 'No GPU was found.'),
  );
  return sections.join('\n\n');
}

/** One process in a sentence, as after `outpost start`. */
export function describeProcess(process: ProcessStatus, style: TextStyle): string {
  const { symbol, tone } = stateLooks[process.actual];
  const facts = [
    process.pid === null ? null : `process ${process.pid}`,
    process.port === null ? null : `port ${process.port}`,
  ].filter((fact) => fact !== null);
  const where = facts.length === 0 ? '' : ` (${facts.join(', ')})`;
  const reason = process.reason === null ? '' : ` ${harmlessLine(process.reason)}`;
  return `${style(tone, symbol)} ${process.name} is ${process.actual}${where}.${reason}`;
}

function processColumns(nowMs: number): readonly TableColumn<ProcessStatus>[] {
  return [
    { title: 'NAME', value: (row) => row.name },
    { title: 'KIND', value: (row) => row.kind },
    { title: 'ENGINE', value: (row) => row.engine },
    {
      title: 'STATE',
      value: (row) => `${stateLooks[row.actual].symbol} ${row.actual}`,
      tone: (row) => stateLooks[row.actual].tone,
    },
    { title: 'WANTED', value: (row) => row.wanted },
    { title: 'PID', value: (row) => row.pid, align: 'right' },
    { title: 'PORT', value: (row) => row.port, align: 'right' },
    { title: 'RESTARTS', value: (row) => row.restarts, align: 'right' },
    { title: 'SINCE', value: (row) => sinceOf(row, nowMs), align: 'right' },
    { title: 'REASON', value: (row) => reasonOf(row, nowMs) },
  ];
}

function sinceOf(process: ProcessStatus, nowMs: number): string | null {
  const since = process.ready_at ?? process.spawned_at;
  return since === null || process.pid === null ? null : formatAge(nowMs - Date.parse(since));
}

function reasonOf(process: ProcessStatus, nowMs: number): string | null {
  const parts = [
    process.reason,
    process.next_attempt_at === null
      ? null
      : `Next attempt in ${formatDuration(Math.max(0, Date.parse(process.next_attempt_at) - nowMs))}.`,
    process.restart_needed ? 'Restart it to apply changed settings.' : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' ');
}

const gpuColumns: readonly TableColumn<GpuStatus>[] = [
  { title: 'GPU', value: (row) => row.index, align: 'right' },
  { title: 'NAME', value: (row) => row.name },
  {
    title: 'MEMORY',
    value: (row) => `${formatGib(row.memory_used_bytes)} of ${formatGib(row.memory_total_bytes)}`,
  },
  {
    title: 'BUSY',
    value: (row) => (row.utilization_percent === null ? null : `${row.utilization_percent} %`),
    align: 'right',
  },
];

function renderProblems(status: SiteStatus, style: TextStyle): string {
  const { path, problems, revision } = status.site_file;
  const lines = (problems ?? []).map((problem) => {
    const place = [
      problem.line === null ? null : `line ${problem.line}`,
      problem.path === '' ? null : problem.path,
    ].filter((part) => part !== null);
    return `  ${[...place, harmlessLine(problem.reason)].join(': ')}`;
  });
  const title = `▲ ${path} is not valid, so revision ${revision} stays in force:`;
  return [style('bad', title), ...lines].join('\n');
}
