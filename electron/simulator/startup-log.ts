import type { SimulatorOptions } from './flags.ts';
import type { LogProcess } from './log-lines.ts';

/** One entry of the start-up log, due when this share (0 to 1) of the load time has passed. */
export type StartupLine =
  | {
      readonly at: number;
      readonly kind: 'vllm';
      readonly process: LogProcess;
      readonly source: string;
      readonly text: string;
    }
  /** Progress bars, on stderr. */
  | { readonly at: number; readonly kind: 'progress'; readonly process: LogProcess; readonly text: string };

export const simulatedVersion = '0.28.0';
const shards = 4;

/** Before the port is bound. */
export function bannerLines(options: SimulatorOptions): StartupLine[] {
  return [
    api(
      0,
      'main.ts:1',
      'This is the simulated engine of Outpost: no model is loaded, and every answer, figure and memory size is made up.',
    ),
    api(0, 'api_server.py:609', `vLLM server version ${simulatedVersion}, serving model ${options.model}`),
    api(0, 'utils.py:233', `non-default args: ${pythonDictionary(options.givenArguments)}`),
  ];
}

/** From the bound port to the engine being ready, in vLLM's order. */
export function loadLines(options: SimulatorOptions, cacheTokens: number): StartupLine[] {
  const load = options.loadSeconds;
  const seconds = (share: number): string => (load * share).toFixed(2);
  const grouped = (value: number): string => value.toLocaleString('en-US');
  return [
    api(0.02, 'model.py:532', 'Resolved architecture: SimulatedForCausalLM'),
    api(0.02, 'model.py:1527', `Using max model len ${options.maxModelLength}`),
    api(0.03, 'scheduler.py:207', 'Chunked prefill is enabled with max_num_batched_tokens=8192.'),
    engine(
      0.07,
      'core.py:94',
      `Initializing a V1 LLM engine (v${simulatedVersion}) with config: model='${options.model}', dtype=torch.bfloat16, max_seq_len=${options.maxModelLength}, seed=${options.seed}, served_model_name=${options.servedModelNames[0]}, enable_prefix_caching=True`,
    ),
    engine(
      0.08,
      'parallel_state.py:1208',
      'world_size=1 rank=0 local_rank=0 distributed_init_method=tcp://127.0.0.1:29500 backend=nccl',
    ),
    engine(
      0.08,
      'parallel_state.py:1394',
      'rank 0 in world size 1 is assigned as DP rank 0, PP rank 0, PCP rank 0, TP rank 0, EP rank 0',
    ),
    engine(0.1, 'gpu_model_runner.py:4380', `Starting to load model ${options.model}...`),
    engine(
      0.1,
      'cuda.py:351',
      "Using FLASH_ATTN attention backend out of potential backends: ['FLASH_ATTN', 'FLASHINFER', 'TRITON_ATTN']",
    ),
    ...Array.from({ length: shards + 1 }, (_, done) => shardLine(done, load)),
    engine(0.61, 'default_loader.py:291', `Loading weights took ${seconds(0.5)} seconds`),
    engine(0.61, 'gpu_model_runner.py:4470', `Model loading took 3.06 GiB memory and ${seconds(0.51)} seconds`),
    engine(0.65, 'backends.py:703', "Using cache directory: <simulated> for vLLM's torch.compile"),
    engine(0.7, 'backends.py:763', `Dynamo bytecode transform time: ${seconds(0.05)} s`),
    engine(
      0.75,
      'backends.py:301',
      `Directly load the compiled graph(s) for compile range (1, 8192) from the cache, took ${seconds(0.05)} s`,
    ),
    engine(0.76, 'monitor.py:35', `torch.compile took ${seconds(0.1)} s in total`),
    engine(0.8, 'gpu_worker.py:401', 'Available KV cache memory: 17.24 GiB'),
    engine(
      0.82,
      'kv_cache_utils.py:1307',
      `GPU KV cache size: ${grouped(cacheTokens)} tokens, Maximum concurrency for ${grouped(options.maxModelLength)} tokens per request: ${(cacheTokens / options.maxModelLength).toFixed(2)}x`,
    ),
    progress(0.85, 'Capturing CUDA graphs (mixed prefill-decode, PIECEWISE): 100%|██████████| 51/51'),
    progress(0.9, 'Capturing CUDA graphs (decode, FULL): 100%|██████████| 35/35'),
    engine(0.92, 'gpu_model_runner.py:5410', `Graph capturing finished in ${seconds(0.07)} secs, took 0.61 GiB`),
    engine(
      0.97,
      'core.py:288',
      `init engine (profile, create kv cache, warmup model) took ${seconds(0.36)} s (compilation: ${seconds(0.1)} s)`,
    ),
  ];
}

/** After the engine is ready, before the port listens. */
export function serverLines(address: string, routes: readonly string[]): StartupLine[] {
  return [
    api(1, 'api_server.py:1283', "Supported tasks: ('generate', 'embed')"),
    api(1, 'api_server.py:1351', `Starting vLLM server on http://${address}`),
    api(1, 'launcher.py:38', 'Available routes are:'),
    ...routes.map((route) => api(1, 'launcher.py:46', `Route: ${route}`)),
  ];
}

function shardLine(done: number, loadSeconds: number): StartupLine {
  const share = done / shards;
  const clock = (value: number): string => `00:${String(Math.floor(value)).padStart(2, '0')}`;
  const perShard = (loadSeconds * 0.5) / shards;
  const times = `${clock(perShard * done)}<${done === 0 ? '?' : clock(perShard * (shards - done))}`;
  const rate = done === 0 ? '?it/s' : `${perShard.toFixed(2).padStart(5)}s/it`;
  const percent = `${Math.round(share * 100)}%`.padStart(4);
  return progress(
    0.1 + 0.5 * share,
    `Loading safetensors checkpoint shards: ${percent} Completed | ${done}/${shards} [${times}, ${rate}]`,
  );
}

function api(at: number, source: string, text: string): StartupLine {
  return { at, kind: 'vllm', process: 'APIServer', source, text };
}

function engine(at: number, source: string, text: string): StartupLine {
  return { at, kind: 'vllm', process: 'EngineCore', source, text };
}

function progress(at: number, text: string): StartupLine {
  return { at, kind: 'progress', process: 'EngineCore', text };
}

function pythonDictionary(values: Readonly<Record<string, unknown>>): string {
  const show = (value: unknown): string =>
    Array.isArray(value) ? `[${value.map(show).join(', ')}]` : `'${String(value)}'`;
  return `{${Object.entries(values)
    .map(([name, value]) => `'${name}': ${show(value)}`)
    .join(', ')}}`;
}
