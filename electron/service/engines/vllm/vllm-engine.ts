import path from 'node:path';
import { parseDurationMs } from '../../../contract/duration.ts';
import { fail, succeed } from '../../../contract/outpost-error.ts';
import type { ServerConfig } from '../../../contract/site-schema.ts';
import { resolveEnvironment } from '../environment.ts';
import type { Engine } from '../launch.ts';
import { httpReadiness } from '../readiness.ts';
import { buildVllmArgv } from './build-argv.ts';

/** A large model from a slow disk takes minutes. */
const READY_TIMEOUT_MS = 900_000;
/** vLLM needs 2 to 15 s to end its workers in order, and up to 30 s when they are stuck. */
const STOP_GRACE_MS = 30_000;

/** No connection to anything, no usage report, a log that is readable line by line. */
const offlineEnvironment = {
  HF_HUB_OFFLINE: '1',
  TRANSFORMERS_OFFLINE: '1',
  VLLM_NO_USAGE_STATS: '1',
  DO_NOT_TRACK: '1',
  NO_COLOR: '1',
  VLLM_DISABLE_LOG_LOGO: '1',
  PYTHONUNBUFFERED: '1',
  CUDA_DEVICE_ORDER: 'PCI_BUS_ID',
} as const;

export const vllmEngine: Engine = {
  buildLaunch(server, context) {
    if (server.weights === undefined || !path.isAbsolute(server.weights)) {
      return fail(
        'SITE_INVALID',
        `${server.name} has no absolute folder as its "weights"; vLLM takes anything else for a model to download.`,
        'Give the full path of the folder with the files of the model.',
      );
    }
    const args = buildVllmArgv(server, context.host, context.port);
    if (!args.ok) return args;
    const configured = resolveEnvironment(server.env, server.name, context.secret);
    if (!configured.ok) return configured;
    return succeed({
      command: server.runtime?.command ?? 'vllm',
      args: args.value,
      env: {
        ...offlineEnvironment,
        ...(server.gpus === undefined ? {} : { CUDA_VISIBLE_DEVICES: server.gpus.join(',') }),
        ...configured.value.env,
        ...(context.upstreamKey === null ? {} : { VLLM_API_KEY: context.upstreamKey }),
      },
      secretNames: [...configured.value.secretNames, 'VLLM_API_KEY'],
      cwd: server.runtime?.cwd ?? null,
      port: context.port,
      readiness: httpReadiness(context, '/health'),
      readyTimeoutMs: parseDurationMs(server.ready_timeout ?? '') ?? READY_TIMEOUT_MS,
      stopGraceMs: STOP_GRACE_MS + drainMs(server),
      warnings: warningsOf(server),
    });
  },
};

/** vLLM finishes running requests for this long before it ends, when it is told to. */
function drainMs(server: ServerConfig): number {
  const seconds = Number(server.args?.['shutdown-timeout'] ?? server.args?.['shutdown_timeout'] ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0;
}

function warningsOf(server: ServerConfig): readonly string[] {
  const warnings: string[] = [];
  const online = ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE'].filter((name) => {
    const value = server.env?.[name];
    return value !== undefined && String(value) !== '1';
  });
  if (online.length > 0) warnings.push(`${online.join(' and ')} is changed: vLLM may try to reach the internet.`);
  if (server.env?.['VLLM_API_KEY'] !== undefined) {
    warnings.push('VLLM_API_KEY is replaced: Outpost makes a key that only the gateway knows.');
  }
  const parallel = Number(server.args?.['tensor-parallel-size'] ?? 1);
  if (server.gpus !== undefined && parallel > server.gpus.length) {
    warnings.push(`tensor-parallel-size is ${parallel}, but only ${server.gpus.length} of the GPUs are given to it.`);
  }
  return warnings;
}
