import type { FinishReason } from './generation.ts';
import type { Labels, MetricFamily } from './metric-families.ts';
import { Counter, Histogram, readFamily } from './metric-families.ts';

const ttftBounds = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
];
const itlBounds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80];
const requestBounds = [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680];
const iterationBounds = [1, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384];
const finishedReasons = ['stop', 'length', 'abort', 'error', 'repetition'] as const;

/** What the gauges show at the moment of a scrape. */
export interface EngineGauges {
  readonly running: number;
  readonly waiting: number;
  /** 0 to 1. */
  readonly kvCacheUsage: number;
}

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

export interface EngineMetricsSettings {
  readonly modelName: string;
  readonly maxModelLength: number;
  readonly blockSize: number;
  readonly blockCount: number;
  readonly createdSeconds: number;
  readonly gauges: () => EngineGauges;
}

/** The `vllm:` families of `/metrics`, fed with what the simulated engine really did. */
export class EngineMetrics {
  readonly families: readonly MetricFamily[];
  readonly #labels: Labels;
  readonly #promptTokens: Counter;
  readonly #promptTokensBySource: Counter;
  readonly #promptTokensCached: Counter;
  readonly #generationTokens: Counter;
  readonly #requestSuccess: Counter;
  readonly #cacheQueries: Counter;
  readonly #cacheHits: Counter;
  readonly #ttft: Histogram;
  readonly #itl: Histogram;
  readonly #tpot: Histogram;
  readonly #e2e: Histogram;
  readonly #queue: Histogram;
  readonly #prefill: Histogram;
  readonly #decode: Histogram;
  readonly #inference: Histogram;
  readonly #requestPromptTokens: Histogram;
  readonly #requestGenerationTokens: Histogram;
  readonly #requestMaxGenerationTokens: Histogram;
  readonly #paramsMaxTokens: Histogram;
  readonly #prefillComputed: Histogram;
  readonly #paramsN: Histogram;
  readonly #iterationTokens: Histogram;

  constructor(settings: EngineMetricsSettings) {
    const { createdSeconds } = settings;
    const labels: Labels = { engine: '0', model_name: settings.modelName };
    this.#labels = labels;

    const counter = (name: string, help: string, variants: readonly Labels[] = [labels]): Counter => {
      const family = new Counter(`vllm:${name}`, help, createdSeconds);
      for (const variant of variants) family.add(variant, 0);
      return family;
    };
    const histogram = (name: string, help: string, bounds: readonly number[]): Histogram => {
      const family = new Histogram(`vllm:${name}`, help, bounds, createdSeconds);
      family.declare(labels);
      return family;
    };
    const gauge = (name: string, help: string, read: (gauges: EngineGauges) => number): MetricFamily =>
      readFamily('gauge', `vllm:${name}`, help, () => [{ suffix: '', labels, value: read(settings.gauges()) }]);
    const labelled = (label: string, values: readonly string[]): Labels[] =>
      values.map((value) => ({ ...labels, [label]: value }));
    const tokenBounds = decimalBounds(settings.maxModelLength);

    this.#promptTokens = counter('prompt_tokens', 'Number of prefill tokens processed.');
    this.#promptTokensBySource = counter(
      'prompt_tokens_by_source',
      'Number of prompt tokens by source.',
      labelled('source', ['local_compute', 'local_cache_hit', 'external_kv_transfer']),
    );
    this.#promptTokensCached = counter('prompt_tokens_cached', 'Number of cached prompt tokens.');
    this.#generationTokens = counter('generation_tokens', 'Number of generation tokens processed.');
    this.#requestSuccess = counter(
      'request_success',
      'Count of successfully processed requests.',
      labelled('finished_reason', finishedReasons),
    );
    this.#cacheQueries = counter('prefix_cache_queries', 'Prefix cache queries, in number of queried tokens.');
    this.#cacheHits = counter('prefix_cache_hits', 'Prefix cache hits, in number of cached tokens.');
    this.#ttft = histogram('time_to_first_token_seconds', 'Histogram of time to first token in seconds.', ttftBounds);
    this.#itl = histogram('inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', itlBounds);
    this.#tpot = histogram(
      'request_time_per_output_token_seconds',
      'Histogram of time per output token of a request in seconds.',
      itlBounds,
    );
    this.#e2e = histogram('e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', requestBounds);
    this.#queue = histogram('request_queue_time_seconds', 'Histogram of time spent in WAITING phase.', requestBounds);
    this.#prefill = histogram(
      'request_prefill_time_seconds',
      'Histogram of time spent in PREFILL phase.',
      requestBounds,
    );
    this.#decode = histogram('request_decode_time_seconds', 'Histogram of time spent in DECODE phase.', requestBounds);
    this.#inference = histogram(
      'request_inference_time_seconds',
      'Histogram of time spent in RUNNING phase.',
      requestBounds,
    );
    this.#requestPromptTokens = histogram('request_prompt_tokens', 'Number of prefill tokens processed.', tokenBounds);
    this.#requestGenerationTokens = histogram(
      'request_generation_tokens',
      'Number of generation tokens processed.',
      tokenBounds,
    );
    this.#requestMaxGenerationTokens = histogram(
      'request_max_num_generation_tokens',
      'Histogram of maximum number of requested generation tokens.',
      tokenBounds,
    );
    this.#paramsMaxTokens = histogram(
      'request_params_max_tokens',
      'Histogram of the max_tokens request parameter.',
      tokenBounds,
    );
    this.#prefillComputed = histogram(
      'request_prefill_kv_computed_tokens',
      'Histogram of new KV tokens computed during prefill.',
      tokenBounds,
    );
    this.#paramsN = histogram('request_params_n', 'Histogram of the n request parameter.', [1, 2, 5, 10, 20]);
    this.#iterationTokens = histogram(
      'iteration_tokens_total',
      'Histogram of number of tokens per engine_step.',
      iterationBounds,
    );

    this.families = [
      gauge('num_requests_running', 'Number of requests in model execution batches.', ({ running }) => running),
      gauge('num_requests_waiting', 'Number of requests waiting to be processed.', ({ waiting }) => waiting),
      readFamily('gauge', 'vllm:num_requests_waiting_by_reason', 'Number of waiting requests by reason.', () => [
        { suffix: '', labels: { ...labels, reason: 'capacity' }, value: settings.gauges().waiting },
        { suffix: '', labels: { ...labels, reason: 'deferred' }, value: 0 },
      ]),
      readFamily(
        'gauge',
        'vllm:engine_sleep_state',
        'Engine sleep state; awake = 0 means sleeping, 1 means awake.',
        () =>
          ['awake', 'weights_offloaded', 'discard_all'].map((state) => ({
            suffix: '',
            labels: { ...labels, sleep_state: state },
            value: state === 'awake' ? 1 : 0,
          })),
      ),
      gauge('kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.', ({ kvCacheUsage }) => kvCacheUsage),
      this.#cacheQueries,
      this.#cacheHits,
      counter('external_prefix_cache_queries', 'External prefix cache queries, in number of queried tokens.'),
      counter('external_prefix_cache_hits', 'External prefix cache hits, in number of cached tokens.'),
      counter('mm_cache_queries', 'Multi-modal cache queries, in number of queried items.'),
      counter('mm_cache_hits', 'Multi-modal cache hits, in number of cached items.'),
      counter('num_preemptions', 'Cumulative number of preemption from the engine.'),
      this.#promptTokens,
      this.#promptTokensBySource,
      this.#promptTokensCached,
      this.#generationTokens,
      this.#requestSuccess,
      this.#requestPromptTokens,
      this.#requestGenerationTokens,
      this.#iterationTokens,
      this.#requestMaxGenerationTokens,
      this.#paramsN,
      this.#paramsMaxTokens,
      this.#ttft,
      this.#itl,
      this.#tpot,
      this.#e2e,
      this.#queue,
      this.#inference,
      this.#prefill,
      this.#decode,
      this.#prefillComputed,
      readFamily('gauge', 'vllm:cache_config_info', 'Information of the LLMEngine CacheConfig', () => [
        { suffix: '', labels: cacheConfigLabels(settings), value: 1 },
      ]),
    ];
  }

  /** A prompt has been looked up in the prefix cache. */
  prefixCacheQueried(promptTokens: number, cachedTokens: number): void {
    this.#cacheQueries.add(this.#labels, promptTokens);
    this.#cacheHits.add(this.#labels, cachedTokens);
  }

  /** A prompt has been processed, which is known with the first output. */
  prefilled(promptTokens: number, cachedTokens: number): void {
    this.#promptTokens.add(this.#labels, promptTokens);
    this.#promptTokensCached.add(this.#labels, cachedTokens);
    this.#promptTokensBySource.add({ ...this.#labels, source: 'local_compute' }, promptTokens - cachedTokens);
    this.#promptTokensBySource.add({ ...this.#labels, source: 'local_cache_hit' }, cachedTokens);
  }

  firstToken(sinceArrivalMs: number): void {
    this.#ttft.observe(this.#labels, sinceArrivalMs / 1000);
    this.#generationTokens.add(this.#labels);
  }

  nextToken(sincePreviousMs: number): void {
    this.#itl.observe(this.#labels, sincePreviousMs / 1000);
    this.#generationTokens.add(this.#labels);
  }

  /** One round of the engine loop that handled this many prompt and output tokens. */
  iteration(tokens: number): void {
    this.#iterationTokens.observe(this.#labels, tokens);
  }

  finished(record: SequenceRecord): void {
    const labels = this.#labels;
    this.#requestSuccess.add({ ...labels, finished_reason: record.reason });
    this.#e2e.observe(labels, (record.finishedAtMs - record.arrivedAtMs) / 1000);
    this.#requestPromptTokens.observe(labels, record.promptTokens);
    this.#requestGenerationTokens.observe(labels, record.completionTokens);
    this.#paramsN.observe(labels, record.choicesPerPrompt);
    if (record.maxTokens !== null) {
      this.#paramsMaxTokens.observe(labels, record.maxTokens);
      this.#requestMaxGenerationTokens.observe(labels, record.completionTokens);
    }
    if (record.scheduledAtMs === null) return;
    this.#queue.observe(labels, (record.scheduledAtMs - record.arrivedAtMs) / 1000);
    if (record.firstTokenAtMs === null || record.lastTokenAtMs === null) return;
    const decodeSeconds = (record.lastTokenAtMs - record.firstTokenAtMs) / 1000;
    this.#prefill.observe(labels, (record.firstTokenAtMs - record.scheduledAtMs) / 1000);
    this.#decode.observe(labels, decodeSeconds);
    this.#inference.observe(labels, (record.lastTokenAtMs - record.scheduledAtMs) / 1000);
    this.#prefillComputed.observe(labels, record.promptTokens - record.cachedTokens);
    if (record.completionTokens > 1) this.#tpot.observe(labels, decodeSeconds / (record.completionTokens - 1));
  }

  /** Totals since the start, for the periodic line of the log. */
  totals(): { promptTokensComputed: number; generationTokens: number; cacheQueries: number; cacheHits: number } {
    return {
      promptTokensComputed: this.#promptTokensBySource.value({ ...this.#labels, source: 'local_compute' }),
      generationTokens: this.#generationTokens.value(this.#labels),
      cacheQueries: this.#cacheQueries.value(this.#labels),
      cacheHits: this.#cacheHits.value(this.#labels),
    };
  }
}

/** 1, 2, 5, 10, 20, 50, ... up to the largest that is not above `largest`. */
export function decimalBounds(largest: number): number[] {
  const bounds: number[] = [];
  for (let power = 1; ; power *= 10) {
    for (const mantissa of [1, 2, 5]) {
      if (mantissa * power > largest) return bounds;
      bounds.push(mantissa * power);
    }
  }
}

function cacheConfigLabels(settings: EngineMetricsSettings): Labels {
  const cacheTokens = settings.blockCount * settings.blockSize;
  return {
    block_size: String(settings.blockSize),
    cache_dtype: 'auto',
    calculate_kv_scales: 'False',
    cpu_offload_gb: '0',
    enable_prefix_caching: 'True',
    engine: '0',
    gpu_memory_utilization: '0.92',
    is_attention_free: 'False',
    kv_cache_max_concurrency: (cacheTokens / settings.maxModelLength).toFixed(2),
    kv_cache_memory_bytes: 'None',
    kv_cache_size_tokens: String(cacheTokens),
    num_cpu_blocks: 'None',
    num_gpu_blocks: String(settings.blockCount),
    num_gpu_blocks_override: 'None',
    prefix_caching_hash_algo: 'sha256',
    sliding_window: 'None',
    swap_space: '0',
  };
}
