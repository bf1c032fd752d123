import { parseDurationMs } from '../../../contract/duration.ts';
import { succeed } from '../../../contract/outpost-error.ts';
import { resolveEnvironment } from '../environment.ts';
import type { Engine } from '../launch.ts';
import { httpReadiness } from '../readiness.ts';
import { buildSimulatedArgv } from './build-argv.ts';

const READY_TIMEOUT_MS = 120_000;
const STOP_GRACE_MS = 10_000;

/** Outpost's own simulator in the place of a real engine, for demos and tests. */
export const simulatedEngine: Engine = {
  buildLaunch(server, context) {
    const args = buildSimulatedArgv(server, context.host, context.port);
    if (!args.ok) return args;
    const configured = resolveEnvironment(server.env, server.name, context.secret);
    if (!configured.ok) return configured;
    return succeed({
      command: context.nodePath,
      args: [context.programPath('simulator'), ...args.value],
      env: {
        ...configured.value.env,
        ...(context.upstreamKey === null ? {} : { VLLM_API_KEY: context.upstreamKey }),
      },
      secretNames: [...configured.value.secretNames, 'VLLM_API_KEY'],
      cwd: server.runtime?.cwd ?? null,
      port: context.port,
      readiness: httpReadiness(context, '/health'),
      readyTimeoutMs: parseDurationMs(server.ready_timeout ?? '') ?? READY_TIMEOUT_MS,
      stopGraceMs: STOP_GRACE_MS,
      warnings:
        server.runtime?.command === undefined ? [] : ['The simulated engine is part of Outpost: "command" is ignored.'],
    });
  },
};
