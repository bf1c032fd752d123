/** Label names and values of one series; always written in the same order, printed by name. */
export type Labels = Readonly<Record<string, string>>;

/** One line of the exposition: a name suffix such as `_bucket`, labels, value. */
export interface Sample {
  readonly suffix: string;
  readonly labels: Labels;
  readonly value: number;
}

export interface MetricFamily {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'summary';
  samples(): readonly Sample[];
}

function labelKey(labels: Labels): string {
  return Object.values(labels).join('\u0000');
}

/** A counter, printed as `<name>_total` with a companion gauge `<name>_created` (seconds since the epoch). */
export class Counter implements MetricFamily {
  readonly type = 'counter';
  readonly name: string;
  readonly help: string;
  readonly #createdSeconds: number;
  readonly #series = new Map<string, { labels: Labels; value: number }>();

  constructor(name: string, help: string, createdSeconds: number) {
    this.name = name;
    this.help = help;
    this.#createdSeconds = createdSeconds;
  }

  add(labels: Labels, amount = 1): void {
    const key = labelKey(labels);
    const series = this.#series.get(key);
    if (series === undefined) this.#series.set(key, { labels, value: amount });
    else series.value += amount;
  }

  value(labels: Labels): number {
    return this.#series.get(labelKey(labels))?.value ?? 0;
  }

  samples(): readonly Sample[] {
    return [...this.#series.values()].map(({ labels, value }) => ({ suffix: '_total', labels, value }));
  }

  createdSamples(): readonly Sample[] {
    return [...this.#series.values()].map(({ labels }) => ({
      suffix: '_created',
      labels,
      value: this.#createdSeconds,
    }));
  }
}

interface HistogramSeries {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
  count: number;
}

/** A histogram with cumulative buckets; `bounds` rise and leave out the infinite one. */
export class Histogram implements MetricFamily {
  readonly type = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly #bounds: readonly number[];
  readonly #createdSeconds: number;
  readonly #series = new Map<string, HistogramSeries>();

  constructor(name: string, help: string, bounds: readonly number[], createdSeconds: number) {
    this.name = name;
    this.help = help;
    this.#bounds = bounds;
    this.#createdSeconds = createdSeconds;
  }

  /** Makes a series visible before its first observation. */
  declare(labels: Labels): HistogramSeries {
    const key = labelKey(labels);
    const existing = this.#series.get(key);
    if (existing !== undefined) return existing;
    const created = { labels, counts: new Array<number>(this.#bounds.length + 1).fill(0), sum: 0, count: 0 };
    this.#series.set(key, created);
    return created;
  }

  observe(labels: Labels, value: number): void {
    const series = this.declare(labels);
    let bucket = 0;
    while (bucket < this.#bounds.length && value > (this.#bounds[bucket] ?? Infinity)) bucket += 1;
    series.counts[bucket] = (series.counts[bucket] ?? 0) + 1;
    series.sum += value;
    series.count += 1;
  }

  samples(): readonly Sample[] {
    return [...this.#series.values()].flatMap(({ labels, counts, sum, count }) => {
      let cumulative = 0;
      const buckets = counts.map((inBucket, index) => {
        cumulative += inBucket;
        const bound = this.#bounds[index];
        const le = bound === undefined ? '+Inf' : formatNumber(bound);
        return { suffix: '_bucket', labels: { ...labels, le }, value: cumulative };
      });
      return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: count }];
    });
  }

  createdSamples(): readonly Sample[] {
    return [...this.#series.values()].map(({ labels }) => ({
      suffix: '_created',
      labels,
      value: this.#createdSeconds,
    }));
  }
}

/** A family whose samples are read when the page is asked for. */
export function readFamily(
  type: 'counter' | 'gauge' | 'summary',
  name: string,
  help: string,
  read: () => readonly Sample[],
): MetricFamily {
  return { type, name, help, samples: read };
}

/** The Prometheus text exposition, format 0.0.4. */
export function renderFamilies(families: readonly MetricFamily[]): string {
  return families
    .map((family) => {
      const shownName = family instanceof Counter ? `${family.name}_total` : family.name;
      const lines = [`# HELP ${shownName} ${family.help}`, `# TYPE ${shownName} ${family.type}`];
      lines.push(...family.samples().map((sample) => renderSample(family.name, sample)));
      if (family instanceof Counter || family instanceof Histogram) {
        lines.push(`# HELP ${family.name}_created ${family.help}`, `# TYPE ${family.name}_created gauge`);
        lines.push(...family.createdSamples().map((sample) => renderSample(family.name, sample)));
      }
      return lines.join('\n') + '\n';
    })
    .join('');
}

function renderSample(family: string, { suffix, labels, value }: Sample): string {
  const names = Object.keys(labels).sort();
  const pairs = names.map((name) => `${name}="${escapeLabel(labels[name] ?? '')}"`);
  return `${family}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${formatNumber(value)}`;
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** As Python prints floats, which is what vLLM's page shows: whole numbers get `.0`. */
function formatNumber(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e16 ? `${value}.0` : String(value);
}
