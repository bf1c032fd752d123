import type { BodyText, RequestDetail, RequestState, RequestSummary } from '../contract/request-row.ts';
import { formatDuration, formatTime } from './format-values.ts';
import { harmlessLine, harmlessText } from './harmless-text.ts';
import type { TableColumn } from './render-table.ts';
import { renderTable } from './render-table.ts';
import type { TextStyle, Tone } from './text-style.ts';

const stateLooks: Record<RequestState, { readonly symbol: string; readonly tone: Tone }> = {
  running: { symbol: '◐', tone: 'warning' },
  ok: { symbol: '✓', tone: 'good' },
  error: { symbol: '✗', tone: 'bad' },
  rejected: { symbol: '⊘', tone: 'bad' },
  cancelled: { symbol: '■', tone: 'quiet' },
};

const columns: readonly TableColumn<RequestSummary>[] = [
  { title: 'ID', value: (row) => row.id, align: 'right' },
  { title: 'TIME', value: (row) => formatTime(row.time) },
  {
    title: 'STATE',
    value: (row) => `${stateLooks[row.state].symbol} ${row.state}${row.count > 1 ? ` ×${row.count}` : ''}`,
    tone: (row) => stateLooks[row.state].tone,
  },
  { title: 'HTTP', value: (row) => row.http_status, align: 'right' },
  { title: 'MODEL', value: (row) => row.model },
  { title: 'SERVER', value: (row) => row.served_by },
  { title: 'FEATURE', value: (row) => row.feature },
  { title: 'KEY', value: (row) => row.key },
  { title: 'TOKENS', value: (row) => tokensOf(row), align: 'right' },
  { title: 'TTFT', value: (row) => formatDuration(row.ttft_ms), align: 'right' },
  { title: 'TIME TAKEN', value: (row) => formatDuration(row.duration_ms), align: 'right' },
  { title: 'ROUTE', value: (row) => (row.error === null ? row.route : `${row.route}: ${row.error}`) },
];

/** `outpost requests` for people. */
export function renderRequests(rows: readonly RequestSummary[], style: TextStyle, width: number | null): string {
  return rows.length === 0 ? 'No request matches.' : renderTable(columns, rows, style, width);
}

/** `outpost requests show` for people. `pretty` lays out JSON bodies; without it they are as they were sent. */
export function renderRequestDetail(row: RequestDetail, style: TextStyle): string {
  const look = stateLooks[row.state];
  const facts: readonly (readonly [string, string | null])[] = [
    ['id', String(row.id)],
    ['request id', row.request_id],
    ['time', `${formatTime(row.time)} (${row.time})`],
    ['state', style(look.tone, `${look.symbol} ${row.state}`)],
    ['error', row.error === null ? null : `${harmlessLine(row.error)}${row.error_code ? ` (${row.error_code})` : ''}`],
    ['HTTP status', row.http_status === null ? null : String(row.http_status)],
    ['route', `${row.method} ${harmlessLine(row.route)}`],
    ['model', modelOf(row)],
    ['server', row.served_by],
    ['feature', row.feature],
    ['key', row.key],
    ['client', row.client_address],
    ['stream', row.stream ? 'yes' : 'no'],
    ['tokens', tokensInWords(row)],
    ['TTFT', row.ttft_ms === null ? null : formatDuration(row.ttft_ms)],
    ['time taken', row.duration_ms === null ? null : formatDuration(row.duration_ms)],
    ['queued', row.queue_ms === null ? null : formatDuration(row.queue_ms)],
    ['finish', row.finish_reason],
    ['retries', row.retries === 0 ? null : String(row.retries)],
    ['stands for', row.count > 1 ? `${row.count} requests` : null],
  ];
  const parts = [
    facts.flatMap(([name, value]) => (value === null ? [] : [`${name.padEnd(12)} ${value}`])).join('\n'),
    section('Request headers', renderHeaders(row.headers.request), style),
    section('Request body', renderBody(row.request_body, row.bodies_note), style),
    section('Response headers', renderHeaders(row.headers.response), style),
    section('Response body', renderBody(row.response_body, row.bodies_note), style),
  ];
  return parts.join('\n\n');
}

function section(title: string, text: string, style: TextStyle): string {
  return `${style('strong', title)}\n${text}`;
}

function renderHeaders(headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${harmlessLine(name)}: ${harmlessLine(value)}`);
  return lines.length === 0 ? '(none)' : lines.join('\n');
}

function renderBody(body: BodyText, note: string | null): string {
  if (body === null) return `(${note ?? 'none'})`;
  if (typeof body !== 'string') return `(not text; base64 follows)\n${body.base64}`;
  return harmlessText(layOutJson(body));
}

function layOutJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    // A stream of events, or whatever else was sent.
    return text;
  }
}

function modelOf({ model, model_asked: asked }: RequestSummary): string | null {
  if (model === null) return null;
  return asked === null || asked === model ? harmlessLine(model) : harmlessLine(`${model} (asked for: ${asked})`);
}

function tokensOf({ prompt_tokens: prompt, completion_tokens: completion }: RequestSummary): string | null {
  return prompt === null && completion === null ? null : `${prompt ?? '?'} → ${completion ?? '?'}`;
}

function tokensInWords(row: RequestSummary): string | null {
  const { prompt_tokens: prompt, completion_tokens: completion, cached_tokens: cached } = row;
  if (prompt === null && completion === null) return null;
  const words = [`${prompt ?? 'unknown'} in the prompt`, `${completion ?? 'unknown'} in the answer`];
  if (cached !== null) words.push(`${cached} from the cache`);
  return words.join(', ');
}
