import { createHash } from 'node:crypto';
import path from 'node:path';
import { dataPaths } from '../../base/data-paths.ts';
import { GATEWAY_NAME } from '../../contract/names.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { succeed } from '../../contract/outpost-error.ts';
import type { ProcessKind } from '../../contract/process-state.ts';
import type { RestartPolicy, RunnerSpec } from '../../contract/runner-protocol.ts';
import type { EngineName, ProcessConfig, ServerConfig } from '../../contract/site-schema.ts';
import { buildProcessLaunch, commandEngine } from './command/command-engine.ts';
import { passedOnEnvironment } from './environment.ts';
import type { Engine, Launch, LaunchContext } from './launch.ts';
import { httpReadiness } from './readiness.ts';
import { simulatedEngine } from './simulated/simulated-engine.ts';
import { vllmEngine } from './vllm/vllm-engine.ts';

export const engines: Readonly<Record<EngineName, Engine>> = {
  vllm: vllmEngine,
  simulated: simulatedEngine,
  command: commandEngine,
};

const LOG_CAP_BYTES = 64 * 1024 * 1024;
const KEEP_RUNS = 50;
const GATEWAY_READY_TIMEOUT_MS = 30_000;
const GATEWAY_GRACE_MS = 15_000;

const serverRestart: RestartPolicy = {
  initialDelayMs: 1000,
  maxDelayMs: 60_000,
  factor: 2,
  stableAfterMs: 60_000,
  maxAttempts: 5,
};

/** Every request waits for the gateway, so it is started again at once, and never given up on. */
const gatewayRestart: RestartPolicy = {
  initialDelayMs: 0,
  maxDelayMs: 2000,
  factor: 2,
  stableAfterMs: 10_000,
  maxAttempts: null,
};

/** What a runner needs to run a model server, or what in its configuration prevents that. */
export function buildSpec(server: ServerConfig, context: LaunchContext): Result<RunnerSpec> {
  const launch = engines[server.engine].buildLaunch(server, context);
  return launch.ok ? succeed(toSpec(server.name, 'server', launch.value, serverRestart, context)) : launch;
}

/** The same for a process that is no model server. */
export function processSpec(process: ProcessConfig, context: LaunchContext): Result<RunnerSpec> {
  const launch = buildProcessLaunch(process, context);
  return launch.ok ? succeed(toSpec(process.name, 'process', launch.value, serverRestart, context)) : launch;
}

/** The same for Outpost's own gateway; `host` and `port` of the context are its first address, checked to be free and probed. */
export function gatewaySpec(context: LaunchContext): RunnerSpec {
  const launch: Launch = {
    command: context.nodePath,
    // Under full load V8 otherwise keeps over 100 MB more resident for short-lived objects.
    args: ['--max-semi-space-size=8', context.programPath('gateway'), '--data', context.dataRoot],
    env: {},
    secretNames: [],
    cwd: null,
    port: context.port,
    readiness: httpReadiness({ ...context, host: reachable(context.host) }, '/health'),
    readyTimeoutMs: GATEWAY_READY_TIMEOUT_MS,
    stopGraceMs: GATEWAY_GRACE_MS,
    warnings: [],
  };
  return toSpec(GATEWAY_NAME, 'gateway', launch, gatewayRestart, context);
}

function toSpec(
  name: string,
  kind: ProcessKind,
  launch: Launch,
  restart: RestartPolicy,
  context: LaunchContext,
): RunnerSpec {
  const { command, args, cwd, port, readiness, readyTimeoutMs, stopGraceMs } = launch;
  return {
    name,
    kind,
    command,
    args,
    env: { ...passedOnEnvironment(context.baseEnv), ...launch.env },
    cwd,
    port,
    host: context.host,
    readiness,
    readyTimeoutMs,
    stopGraceMs,
    restart,
    log: { directory: path.join(dataPaths(context.dataRoot).logs, name), capBytes: LOG_CAP_BYTES, keepRuns: KEEP_RUNS },
    fingerprint: fingerprintOf(launch, context),
  };
}

/**
 * Changes when the configuration of the process does. Left out is what differs from start to start of the service: the
 * environment passed on, and where Node and Outpost's own programs lie.
 */
function fingerprintOf(launch: Launch, context: LaunchContext): string {
  const own = new Set([context.nodePath]);
  const portable = (text: string) => (own.has(text) || text.endsWith('.mjs') ? path.basename(text) : text);
  const { command, args, env, cwd, port, readiness, readyTimeoutMs, stopGraceMs } = launch;
  const content = [
    portable(command),
    args.map(portable),
    Object.entries(env).sort(),
    cwd,
    context.host,
    port,
    readiness,
  ];
  return createHash('sha256')
    .update(JSON.stringify([...content, readyTimeoutMs, stopGraceMs]))
    .digest('hex');
}

/** An address that means "all of them" is asked on the loopback one. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}
