import type { EngineFamilies, EngineFamiliesSettings } from './engine-families.ts';
import { createEngineFamilies } from './engine-families.ts';
import type { FinishReason } from './generation.ts';
import type { MetricFamily } from './metric-families.ts';

/** The life of one sequence, milliseconds on one clock; null for what never happened. */
export interface SequenceRecord {
  readonly arrivedAtMs: number;
  readonly scheduledAtMs: number | null;
  readonly firstTokenAtMs: number | null;
  readonly lastTokenAtMs: number | null;
  readonly finishedAtMs: number;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  readonly completionTokens: number;
  /** Null for requests that generate no tokens. */
  readonly maxTokens: number | null;
  readonly choicesPerPrompt: number;
  readonly reason: FinishReason;
}

/** Feeds the `vllm:` families with what the simulated engine really did. */
export class EngineMetrics {
  readonly #families: EngineFamilies;

  constructor(settings: EngineFamiliesSettings) {
    this.#families = createEngineFamilies(settings);
  }

  get page(): readonly MetricFamily[] {
    return this.#families.page;
  }

  /** A prompt has been looked up in the prefix cache. */
  prefixCacheQueried(promptTokens: number, cachedTokens: number): void {
    this.#families.cacheQueries.add(this.#families.labels, promptTokens);
    this.#families.cacheHits.add(this.#families.labels, cachedTokens);
  }

  /** A prompt has been processed, which is known with the first output. */
  prefilled(promptTokens: number, cachedTokens: number): void {
    this.#families.promptTokens.add(this.#families.labels, promptTokens);
    this.#families.promptTokensCached.add(this.#families.labels, cachedTokens);
    this.#families.promptTokensBySource.add(
      { ...this.#families.labels, source: 'local_compute' },
      promptTokens - cachedTokens,
    );
    this.#families.promptTokensBySource.add({ ...this.#families.labels, source: 'local_cache_hit' }, cachedTokens);
  }

  firstToken(sinceArrivalMs: number): void {
    this.#families.ttft.observe(this.#families.labels, sinceArrivalMs / 1000);
    this.#families.generationTokens.add(this.#families.labels);
  }

  nextToken(sincePreviousMs: number): void {
    this.#families.itl.observe(this.#families.labels, sincePreviousMs / 1000);
    this.#families.generationTokens.add(this.#families.labels);
  }

  /** One round of the engine loop that handled this many prompt and output tokens. */
  iteration(tokens: number): void {
    this.#families.iterationTokens.observe(this.#families.labels, tokens);
  }

  finished(record: SequenceRecord): void {
    const families = this.#families;
    const { labels } = families;
    families.requestSuccess.add({ ...labels, finished_reason: record.reason });
    families.e2e.observe(labels, (record.finishedAtMs - record.arrivedAtMs) / 1000);
    families.requestPromptTokens.observe(labels, record.promptTokens);
    families.requestGenerationTokens.observe(labels, record.completionTokens);
    families.paramsN.observe(labels, record.choicesPerPrompt);
    if (record.maxTokens !== null) {
      families.paramsMaxTokens.observe(labels, record.maxTokens);
      families.requestMaxGenerationTokens.observe(labels, record.completionTokens);
    }
    if (record.scheduledAtMs === null) return;
    families.queue.observe(labels, (record.scheduledAtMs - record.arrivedAtMs) / 1000);
    if (record.firstTokenAtMs === null || record.lastTokenAtMs === null) return;
    const decodeSeconds = (record.lastTokenAtMs - record.firstTokenAtMs) / 1000;
    families.prefill.observe(labels, (record.firstTokenAtMs - record.scheduledAtMs) / 1000);
    families.decode.observe(labels, decodeSeconds);
    families.inference.observe(labels, (record.lastTokenAtMs - record.scheduledAtMs) / 1000);
    families.prefillComputed.observe(labels, record.promptTokens - record.cachedTokens);
    if (record.completionTokens > 1) families.tpot.observe(labels, decodeSeconds / (record.completionTokens - 1));
  }

  /** Totals since the start, for the periodic line of the log. */
  totals(): { promptTokensComputed: number; generationTokens: number; cacheQueries: number; cacheHits: number } {
    return {
      promptTokensComputed: this.#families.promptTokensBySource.value({
        ...this.#families.labels,
        source: 'local_compute',
      }),
      generationTokens: this.#families.generationTokens.value(this.#families.labels),
      cacheQueries: this.#families.cacheQueries.value(this.#families.labels),
      cacheHits: this.#families.cacheHits.value(this.#families.labels),
    };
  }
}
