import { readFileSync, readdirSync } from 'node:fs';
import type { MetricFamily, Sample } from './metric-families.ts';
import { Counter, Histogram, readFamily } from './metric-families.ts';

const fineBounds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5, 7.5, 10, 30, 60];
const coarseBounds = [0.1, 0.5, 1];
/** Routes that the instrumentation leaves out. */
const uncounted: ReadonlySet<string> = new Set(['/metrics', '/health', '/load', '/ping', '/version']);

export interface HttpRecord {
  /** The path of the route, or `none` for a path without one. */
  readonly handler: string;
  readonly method: string;
  readonly status: number;
  readonly seconds: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

/** The `http_*` families, as the usual instrumentation of vLLM's web framework gives them. */
export class HttpMetrics {
  readonly families: readonly MetricFamily[];
  readonly #requests: Counter;
  readonly #duration: Histogram;
  readonly #fineDuration: Histogram;
  readonly #requestSizes = new Map<string, { count: number; sum: number }>();
  readonly #responseSizes = new Map<string, { count: number; sum: number }>();

  constructor(createdSeconds: number) {
    this.#requests = new Counter(
      'http_requests',
      'Total number of requests by method, status and handler.',
      createdSeconds,
    );
    this.#duration = new Histogram(
      'http_request_duration_seconds',
      'Latency with only few buckets by handler.',
      coarseBounds,
      createdSeconds,
    );
    this.#fineDuration = new Histogram(
      'http_request_duration_highr_seconds',
      'Latency with many buckets but no API specific labels.',
      fineBounds,
      createdSeconds,
    );
    this.#fineDuration.declare({});
    this.families = [
      this.#requests,
      readFamily('summary', 'http_request_size_bytes', 'Content length of incoming requests by handler.', () =>
        sizeSamples(this.#requestSizes),
      ),
      readFamily('summary', 'http_response_size_bytes', 'Content length of outgoing responses by handler.', () =>
        sizeSamples(this.#responseSizes),
      ),
      this.#fineDuration,
      this.#duration,
    ];
  }

  record(record: HttpRecord): void {
    if (uncounted.has(record.handler)) return;
    const { handler, method } = record;
    this.#requests.add({ handler, method, status: `${Math.floor(record.status / 100)}xx` });
    this.#duration.observe({ handler, method }, record.seconds);
    this.#fineDuration.observe({}, record.seconds);
    addSize(this.#requestSizes, handler, record.requestBytes);
    addSize(this.#responseSizes, handler, record.responseBytes);
  }
}

function addSize(sizes: Map<string, { count: number; sum: number }>, handler: string, bytes: number): void {
  const size = sizes.get(handler) ?? { count: 0, sum: 0 };
  sizes.set(handler, { count: size.count + 1, sum: size.sum + bytes });
}

function sizeSamples(sizes: ReadonlyMap<string, { count: number; sum: number }>): Sample[] {
  return [...sizes].flatMap(([handler, { count, sum }]) => [
    { suffix: '_count', labels: { handler }, value: count },
    { suffix: '_sum', labels: { handler }, value: sum },
  ]);
}

/** The `process_*` families of this very process; those that only Linux tells are absent elsewhere. */
export function processFamilies(startedAtSeconds: number): readonly MetricFamily[] {
  const one = (read: () => number | null) => (): Sample[] => {
    const value = read();
    return value === null ? [] : [{ suffix: '', labels: {}, value }];
  };
  return [
    readFamily('gauge', 'process_virtual_memory_bytes', 'Virtual memory size in bytes.', one(readVirtualMemory)),
    readFamily(
      'gauge',
      'process_resident_memory_bytes',
      'Resident memory size in bytes.',
      one(() => process.memoryUsage.rss()),
    ),
    readFamily(
      'gauge',
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      one(() => startedAtSeconds),
    ),
    readFamily(
      'counter',
      'process_cpu_seconds_total',
      'Total user and system CPU time spent in seconds.',
      one(() => {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1e6;
      }),
    ),
    readFamily('gauge', 'process_open_fds', 'Number of open file descriptors.', one(readOpenFiles)),
    readFamily('gauge', 'process_max_fds', 'Maximum number of open file descriptors.', one(readMostFiles)),
  ];
}

function readVirtualMemory(): number | null {
  const pages = Number(readProcFile('statm')?.split(' ')[0] ?? Number.NaN);
  return Number.isFinite(pages) ? pages * 4096 : null;
}

function readOpenFiles(): number | null {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    // No /proc here: the family stays empty.
    return null;
  }
}

function readMostFiles(): number | null {
  const limit = /Max open files\s+(\d+)/.exec(readProcFile('limits') ?? '')?.[1];
  return limit === undefined ? null : Number(limit);
}

function readProcFile(name: string): string | null {
  try {
    return readFileSync(`/proc/self/${name}`, 'utf8');
  } catch {
    // No /proc here: the family stays empty.
    return null;
  }
}
