/** One flag of the program; the table is what `--help`, the parser and the README share. */
export interface Flag {
  readonly name: string;
  readonly kind: 'text' | 'texts' | 'integer' | 'size' | 'number' | 'fraction' | 'switch';
  /** As shown in the help; the parser reads it with the rules of `kind`. Empty: unset. */
  readonly fallback: string;
  readonly help: string;
  readonly group: 'vllm' | 'timing' | 'fault';
}

export const flags = [
  { name: 'host', kind: 'text', fallback: '127.0.0.1', group: 'vllm', help: 'address to listen on' },
  { name: 'port', kind: 'integer', fallback: '8000', group: 'vllm', help: 'port; 0 picks a free one and logs it' },
  {
    name: 'model',
    kind: 'text',
    fallback: 'simulated-model',
    group: 'vllm',
    help: 'weights folder to name in answers; it is never read. Also the first argument without a flag',
  },
  {
    name: 'served-model-name',
    kind: 'texts',
    fallback: '',
    group: 'vllm',
    help: 'names that clients may ask for, the first is answered; default: the model. A name with "code" in it writes code',
  },
  {
    name: 'max-model-len',
    kind: 'size',
    fallback: '8192',
    group: 'vllm',
    help: 'context window in tokens; 8k is 8000, 8K is 8192',
  },
  {
    name: 'max-num-seqs',
    kind: 'integer',
    fallback: '256',
    group: 'vllm',
    help: 'sequences that run at once; further ones wait in order of arrival',
  },
  {
    name: 'api-key',
    kind: 'texts',
    fallback: '',
    group: 'vllm',
    help: 'keys that clients must send; wins over VLLM_API_KEY',
  },
  { name: 'seed', kind: 'integer', fallback: '0', group: 'vllm', help: 'seed of text, vectors and jitter' },
  { name: 'embedding-size', kind: 'integer', fallback: '384', group: 'vllm', help: 'dimensions of embeddings' },
  { name: 'disable-uvicorn-access-log', kind: 'switch', fallback: '', group: 'vllm', help: 'no line per HTTP request' },
  { name: 'enable-request-id-headers', kind: 'switch', fallback: '', group: 'vllm', help: 'send X-Request-Id back' },
  {
    name: 'enable-prompt-tokens-details',
    kind: 'switch',
    fallback: '',
    group: 'vllm',
    help: 'fill usage.prompt_tokens_details',
  },
  {
    name: 'enable-force-include-usage',
    kind: 'switch',
    fallback: '',
    group: 'vllm',
    help: 'usage on every chunk, asked for or not',
  },
  {
    name: 'enable-per-request-metrics',
    kind: 'switch',
    fallback: '',
    group: 'vllm',
    help: 'fill metrics of answers that are not streamed',
  },

  { name: 'load-seconds', kind: 'number', fallback: '1', group: 'timing', help: 'time from start to ready' },
  {
    name: 'ttft-ms',
    kind: 'number',
    fallback: '50',
    group: 'timing',
    help: 'wait from being scheduled to the first token',
  },
  { name: 'itl-ms', kind: 'number', fallback: '15', group: 'timing', help: 'wait from one token to the next' },
  {
    name: 'jitter',
    kind: 'fraction',
    fallback: '0',
    group: 'timing',
    help: 'each wait is multiplied by a seeded factor from 1-J to 1+J; the mean stays',
  },
  {
    name: 'slowdown',
    kind: 'number',
    fallback: '0',
    group: 'timing',
    help: 'each wait is multiplied by 1 + S x (running sequences - 1)',
  },

  {
    name: 'fault-oom-at-start',
    kind: 'switch',
    fallback: '',
    group: 'fault',
    help: 'run out of GPU memory while loading, and exit',
  },
  {
    name: 'fault-crash-after-seconds',
    kind: 'number',
    fallback: '',
    group: 'fault',
    help: 'die this long after being ready, whatever is in flight',
  },
  {
    name: 'fault-crash-after-requests',
    kind: 'integer',
    fallback: '',
    group: 'fault',
    help: 'serve this many inference requests; die at the first token of the next',
  },
  {
    name: 'fault-hang-after-requests',
    kind: 'integer',
    fallback: '',
    group: 'fault',
    help: 'accept this many inference requests; with the next, nothing makes progress while /health stays 200',
  },
  {
    name: 'fault-health-503-after-seconds',
    kind: 'number',
    fallback: '',
    group: 'fault',
    help: 'this long after being ready the engine is dead: /health is 503, inference is 500',
  },
  {
    name: 'fault-ignore-sigterm',
    kind: 'switch',
    fallback: '',
    group: 'fault',
    help: 'ignore SIGTERM and SIGINT, also in escaping children',
  },
  {
    name: 'fault-escaping-children',
    kind: 'integer',
    fallback: '',
    group: 'fault',
    help: 'start this many processes in sessions of their own, re-parented, that stay behind (10 minutes at most)',
  },
  {
    name: 'exit-code',
    kind: 'integer',
    fallback: '1',
    group: 'fault',
    help: 'exit code of a crash and of running out of memory; vLLM may exit 0 when its engine died',
  },
] as const satisfies readonly Flag[];

export type FlagName = (typeof flags)[number]['name'];

export const programName = 'outpost simulate';

export function helpText(): string {
  const titles = {
    vllm: 'Like vllm serve',
    timing:
      'Timing: a token is due at a time computed from when the one before was due, so delays never add up. Time in the\n' +
      'queue comes before the first token. /metrics and --enable-per-request-metrics show what was really done.\n\nTiming',
    fault: 'Faults',
  } as const;
  const groups = (['vllm', 'timing', 'fault'] as const).map((group) => {
    const lines = flags.filter((flag) => flag.group === group).map(helpLine);
    return `${titles[group]}:\n${lines.join('\n')}`;
  });
  return (
    `usage: ${programName} [model] [options]\n\n` +
    `A simulated engine: answers like vllm serve, without a model or a GPU. Every answer is made up.\n\n` +
    `${groups.join('\n\n')}\n\n` +
    `Environment: VLLM_API_KEY (one key), VLLM_LOG_STATS_INTERVAL (seconds between statistics lines, 10).\n` +
    `Flags may be written with - or _; --flag VALUE and --flag=VALUE are the same.\n`
  );
}

function helpLine(flag: Flag): string {
  const values = {
    text: ' TEXT',
    texts: ' TEXT...',
    integer: ' N',
    size: ' N',
    number: ' X',
    fraction: ' 0..1',
    switch: '',
  };
  const fallback = flag.fallback === '' ? '' : ` (${flag.fallback})`;
  return `  --${flag.name}${values[flag.kind]}`.padEnd(40) + `  ${flag.help}${fallback}`;
}
