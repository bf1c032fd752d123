import type { Outcome } from './build-row.ts';

interface Histogram {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Upper bounds in seconds, as vLLM has them for a whole request, with finer ones below. */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

export interface Gauges {
  readonly inFlight: number;
  readonly logLagRows: number;
  readonly unrecorded: number;
  readonly routeTableVersion: number;
}

/** Counts for Prometheus. Labels come from the route table only, never from what a client invents. */
export class GatewayMetrics {
  readonly #requests = new Map<string, number>();
  readonly #promptTokens = new Map<string, number>();
  readonly #completionTokens = new Map<string, number>();
  readonly #durations = new Map<string, Histogram>();
  readonly #ttfts = new Map<string, Histogram>();

  observe(outcome: Outcome, feature: string | null, durationMs: number): void {
    const model = outcome.modelServed ?? '';
    const status = outcome.httpStatus === null ? 'none' : `${Math.floor(outcome.httpStatus / 100)}xx`;
    const labels = labelText({
      model,
      feature: feature ?? '',
      server: outcome.servedBy ?? '',
      status,
      state: outcome.state,
    });
    add(this.#requests, labels, 1);
    const ofModel = labelText({ model, feature: feature ?? '' });
    if (outcome.usage?.promptTokens) add(this.#promptTokens, ofModel, outcome.usage.promptTokens);
    if (outcome.usage?.completionTokens) add(this.#completionTokens, ofModel, outcome.usage.completionTokens);
    if (model !== '') {
      record(this.#durations, labelText({ model }), durationMs / 1000);
      if (typeof outcome.ttftMs === 'number') record(this.#ttfts, labelText({ model }), outcome.ttftMs / 1000);
    }
  }

  /** The page in Prometheus' text format. */
  render(gauges: Gauges): string {
    return [
      ...counter('outpost_gateway_requests_total', 'Requests that ended, by what became of them.', this.#requests),
      ...counter('outpost_gateway_prompt_tokens_total', 'Prompt tokens reported by model servers.', this.#promptTokens),
      ...counter(
        'outpost_gateway_completion_tokens_total',
        'Completion tokens reported by model servers.',
        this.#completionTokens,
      ),
      ...histogram('outpost_gateway_request_duration_seconds', 'From accepting a request to its end.', this.#durations),
      ...histogram('outpost_gateway_time_to_first_token_seconds', 'From accepting to the first content.', this.#ttfts),
      ...gauge('outpost_gateway_requests_in_flight', 'Requests being served.', gauges.inFlight),
      ...gauge('outpost_gateway_log_lag_rows', 'Rows accepted and not yet committed.', gauges.logLagRows),
      '# HELP outpost_gateway_unrecorded_total Requests refused or served while the log could not be written.',
      '# TYPE outpost_gateway_unrecorded_total counter',
      `outpost_gateway_unrecorded_total ${gauges.unrecorded}`,
      ...gauge('outpost_gateway_route_table_version', 'Route table in force.', gauges.routeTableVersion),
      '',
    ].join('\n');
  }
}

function add(counts: Map<string, number>, labels: string, amount: number): void {
  counts.set(labels, (counts.get(labels) ?? 0) + amount);
}

function record(histograms: Map<string, Histogram>, labels: string, seconds: number): void {
  let entry = histograms.get(labels);
  if (!entry) histograms.set(labels, (entry = { buckets: BOUNDS.map(() => 0), sum: 0, count: 0 }));
  const bucket = BOUNDS.findIndex((bound) => seconds <= bound);
  if (bucket >= 0) entry.buckets[bucket] = (entry.buckets[bucket] ?? 0) + 1;
  entry.sum += seconds;
  entry.count += 1;
}

function counter(name: string, help: string, counts: ReadonlyMap<string, number>): string[] {
  const lines = [...counts].map(([labels, value]) => `${name}{${labels}} ${value}`);
  return [`# HELP ${name} ${help}`, `# TYPE ${name} counter`, ...lines];
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}

function histogram(name: string, help: string, histograms: ReadonlyMap<string, Histogram>): string[] {
  const lines = [`# HELP ${name} ${help}`, `# TYPE ${name} histogram`];
  for (const [labels, entry] of histograms) {
    let cumulative = 0;
    BOUNDS.forEach((bound, index) => {
      cumulative += entry.buckets[index] ?? 0;
      lines.push(`${name}_bucket{${labels},le="${bound}"} ${cumulative}`);
    });
    lines.push(`${name}_bucket{${labels},le="+Inf"} ${entry.count}`);
    lines.push(`${name}_sum{${labels}} ${entry.sum}`, `${name}_count{${labels}} ${entry.count}`);
  }
  return lines;
}

function labelText(labels: Readonly<Record<string, string>>): string {
  let text = '';
  for (const name in labels) {
    const value = labels[name] ?? '';
    const escaped = /[\\"\n]/.test(value) ? value.replace(/[\\"\n]/g, (c) => (c === '\n' ? '\\n' : `\\${c}`)) : value;
    text += `${text === '' ? '' : ','}${name}="${escaped}"`;
  }
  return text;
}
