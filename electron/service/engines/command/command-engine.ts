import { parseDurationMs } from '../../../contract/duration.ts';
import type { Result } from '../../../contract/outpost-error.ts';
import { fail, succeed } from '../../../contract/outpost-error.ts';
import type { ProcessConfig, ServerConfig } from '../../../contract/site-schema.ts';
import { resolveEnvironment } from '../environment.ts';
import { flagArguments } from '../flag-arguments.ts';
import type { Engine, Launch, LaunchContext } from '../launch.ts';
import { httpReadiness, portReadiness } from '../readiness.ts';

const READY_TIMEOUT_MS = 300_000;
const STOP_GRACE_MS = 10_000;

/** Any program that takes its port from $PORT. */
export const commandEngine: Engine = {
  buildLaunch(server, context) {
    const flags = flagArguments(server.args, {}, server.name);
    return flags.ok ? buildCommandLaunch(server, flags.value, context) : flags;
  },
};

/** The same for a process that is no model server; without port and ready path it counts as ready once it is spawned. */
export function buildProcessLaunch(process: ProcessConfig, context: LaunchContext): Result<Launch> {
  const hasAddress = process.port !== undefined || process.ready !== undefined;
  return buildCommandLaunch(process, [], hasAddress ? context : { ...context, port: null });
}

function buildCommandLaunch(
  config: Pick<ServerConfig | ProcessConfig, 'name' | 'runtime' | 'env' | 'ready' | 'ready_timeout'>,
  flags: readonly string[],
  context: LaunchContext,
): Result<Launch> {
  const { runtime } = config;
  if (runtime?.command === undefined) {
    return fail('SITE_INVALID', `${config.name} has no command to run.`, 'Add "runtime: { command: … }".');
  }
  const configured = resolveEnvironment(config.env, config.name, context.secret);
  if (!configured.ok) return configured;
  return succeed({
    command: runtime.command,
    args: [...(runtime.args ?? []), ...flags],
    env: { ...configured.value.env, ...(context.port === null ? {} : { PORT: String(context.port) }) },
    secretNames: configured.value.secretNames,
    cwd: runtime.cwd ?? null,
    port: context.port,
    readiness: config.ready === undefined ? portReadiness(context) : httpReadiness(context, config.ready),
    readyTimeoutMs: parseDurationMs(config.ready_timeout ?? '') ?? READY_TIMEOUT_MS,
    stopGraceMs: STOP_GRACE_MS,
    warnings: [],
  });
}
