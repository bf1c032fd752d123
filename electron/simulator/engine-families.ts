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

export interface EngineFamiliesSettings {
  readonly modelName: string;
  readonly maxModelLength: number;
  readonly blockSize: number;
  readonly blockCount: number;
  readonly createdSeconds: number;
  readonly gauges: () => EngineGauges;
}

/** The `vllm:` families of `/metrics`: those that are fed, and all of them in the order of the page. */
export interface EngineFamilies {
  /** Of every series. */
  readonly labels: Labels;
  readonly promptTokens: Counter;
  readonly promptTokensBySource: Counter;
  readonly promptTokensCached: Counter;
  readonly generationTokens: Counter;
  readonly requestSuccess: Counter;
  readonly cacheQueries: Counter;
  readonly cacheHits: Counter;
  readonly ttft: Histogram;
  readonly itl: Histogram;
  readonly tpot: Histogram;
  readonly e2e: Histogram;
  readonly queue: Histogram;
  readonly prefill: Histogram;
  readonly decode: Histogram;
  readonly inference: Histogram;
  readonly requestPromptTokens: Histogram;
  readonly requestGenerationTokens: Histogram;
  readonly requestMaxGenerationTokens: Histogram;
  readonly paramsMaxTokens: Histogram;
  readonly prefillComputed: Histogram;
  readonly paramsN: Histogram;
  readonly iterationTokens: Histogram;
  readonly page: readonly MetricFamily[];
}

export function createEngineFamilies(settings: EngineFamiliesSettings): EngineFamilies {
  const { createdSeconds } = settings;
  const labels: Labels = { engine: '0', model_name: settings.modelName };

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

  const promptTokens = counter('prompt_tokens', 'Number of prefill tokens processed.');
  const promptTokensBySource = counter(
    'prompt_tokens_by_source',
    'Number of prompt tokens by source.',
    labelled('source', ['local_compute', 'local_cache_hit', 'external_kv_transfer']),
  );
  const promptTokensCached = counter('prompt_tokens_cached', 'Number of cached prompt tokens.');
  const generationTokens = counter('generation_tokens', 'Number of generation tokens processed.');
  const requestSuccess = counter(
    'request_success',
    'Count of successfully processed requests.',
    labelled('finished_reason', finishedReasons),
  );
  const cacheQueries = counter('prefix_cache_queries', 'Prefix cache queries, in number of queried tokens.');
  const cacheHits = counter('prefix_cache_hits', 'Prefix cache hits, in number of cached tokens.');
  const ttft = histogram('time_to_first_token_seconds', 'Histogram of time to first token in seconds.', ttftBounds);
  const itl = histogram('inter_token_latency_seconds', 'Histogram of inter-token latency in seconds.', itlBounds);
  const tpot = histogram(
    'request_time_per_output_token_seconds',
    'Histogram of time per output token of a request in seconds.',
    itlBounds,
  );
  const e2e = histogram('e2e_request_latency_seconds', 'Histogram of e2e request latency in seconds.', requestBounds);
  const queue = histogram('request_queue_time_seconds', 'Histogram of time spent in WAITING phase.', requestBounds);
  const prefill = histogram('request_prefill_time_seconds', 'Histogram of time spent in PREFILL phase.', requestBounds);
  const decode = histogram('request_decode_time_seconds', 'Histogram of time spent in DECODE phase.', requestBounds);
  const inference = histogram(
    'request_inference_time_seconds',
    'Histogram of time spent in RUNNING phase.',
    requestBounds,
  );
  const requestPromptTokens = histogram('request_prompt_tokens', 'Number of prefill tokens processed.', tokenBounds);
  const requestGenerationTokens = histogram(
    'request_generation_tokens',
    'Number of generation tokens processed.',
    tokenBounds,
  );
  const requestMaxGenerationTokens = histogram(
    'request_max_num_generation_tokens',
    'Histogram of maximum number of requested generation tokens.',
    tokenBounds,
  );
  const paramsMaxTokens = histogram(
    'request_params_max_tokens',
    'Histogram of the max_tokens request parameter.',
    tokenBounds,
  );
  const prefillComputed = histogram(
    'request_prefill_kv_computed_tokens',
    'Histogram of new KV tokens computed during prefill.',
    tokenBounds,
  );
  const paramsN = histogram('request_params_n', 'Histogram of the n request parameter.', [1, 2, 5, 10, 20]);
  const iterationTokens = histogram(
    'iteration_tokens_total',
    'Histogram of number of tokens per engine_step.',
    iterationBounds,
  );

  const page: readonly MetricFamily[] = [
    gauge('num_requests_running', 'Number of requests in model execution batches.', ({ running }) => running),
    gauge('num_requests_waiting', 'Number of requests waiting to be processed.', ({ waiting }) => waiting),
    readFamily('gauge', 'vllm:num_requests_waiting_by_reason', 'Number of waiting requests by reason.', () => [
      { suffix: '', labels: { ...labels, reason: 'capacity' }, value: settings.gauges().waiting },
      { suffix: '', labels: { ...labels, reason: 'deferred' }, value: 0 },
    ]),
    readFamily('gauge', 'vllm:engine_sleep_state', 'Engine sleep state; awake = 0 means sleeping, 1 means awake.', () =>
      ['awake', 'weights_offloaded', 'discard_all'].map((state) => ({
        suffix: '',
        labels: { ...labels, sleep_state: state },
        value: state === 'awake' ? 1 : 0,
      })),
    ),
    gauge('kv_cache_usage_perc', 'KV-cache usage. 1 means 100 percent usage.', ({ kvCacheUsage }) => kvCacheUsage),
    cacheQueries,
    cacheHits,
    counter('external_prefix_cache_queries', 'External prefix cache queries, in number of queried tokens.'),
    counter('external_prefix_cache_hits', 'External prefix cache hits, in number of cached tokens.'),
    counter('mm_cache_queries', 'Multi-modal cache queries, in number of queried items.'),
    counter('mm_cache_hits', 'Multi-modal cache hits, in number of cached items.'),
    counter('num_preemptions', 'Cumulative number of preemption from the engine.'),
    promptTokens,
    promptTokensBySource,
    promptTokensCached,
    generationTokens,
    requestSuccess,
    requestPromptTokens,
    requestGenerationTokens,
    iterationTokens,
    requestMaxGenerationTokens,
    paramsN,
    paramsMaxTokens,
    ttft,
    itl,
    tpot,
    e2e,
    queue,
    inference,
    prefill,
    decode,
    prefillComputed,
    readFamily('gauge', 'vllm:cache_config_info', 'Information of the LLMEngine CacheConfig', () => [
      { suffix: '', labels: cacheConfigLabels(settings), value: 1 },
    ]),
  ];
  return {
    labels,
    promptTokens,
    promptTokensBySource,
    promptTokensCached,
    generationTokens,
    requestSuccess,
    cacheQueries,
    cacheHits,
    ttft,
    itl,
    tpot,
    e2e,
    queue,
    prefill,
    decode,
    inference,
    requestPromptTokens,
    requestGenerationTokens,
    requestMaxGenerationTokens,
    paramsMaxTokens,
    prefillComputed,
    paramsN,
    iterationTokens,
    page,
  };
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

function cacheConfigLabels(settings: EngineFamiliesSettings): Labels {
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
