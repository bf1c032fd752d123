import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { EnvironmentValue } from '../../contract/site-schema.ts';
import type { LaunchContext } from './launch.ts';

/**
 * Variables that are not passed on to supervised processes: Outpost's and Electron's own, and what changes how a Node
 * program works. Everything else is, since engines need what the operator has set up (PATH, HOME, LANG, LD_LIBRARY_PATH,
 * CUDA_*, NCCL_*, proxies) and no list of those would be complete.
 */
const withheld = /^(OUTPOST_|ELECTRON_)|^(NODE_OPTIONS|NODE_CHANNEL_FD|NODE_UNIQUE_ID|NODE_ENV|VITEST.*)$/;

export function passedOnEnvironment(base: LaunchContext['baseEnv']): Record<string, string> {
  const kept = Object.entries(base).filter(([name, value]) => value !== undefined && !withheld.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}

export interface ConfiguredEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Those that came from secrets. */
  readonly secretNames: readonly string[];
}

/** The `env` of the site file with its secrets filled in, or SECRET_MISSING with the command that sets it. */
export function resolveEnvironment(
  configured: Readonly<Record<string, EnvironmentValue>> | undefined,
  owner: string,
  secret: LaunchContext['secret'],
): Result<ConfiguredEnvironment> {
  const env: Record<string, string> = {};
  const secretNames: string[] = [];
  for (const [name, value] of Object.entries(configured ?? {})) {
    if (typeof value !== 'object') {
      env[name] = String(value);
      continue;
    }
    const found = secret(value.secret);
    if (found === null) {
      return fail(
        'SECRET_MISSING',
        `${owner} needs the secret "${value.secret}" for its variable ${name}, and it is not set.`,
        `Set it: outpost secrets set ${value.secret}`,
      );
    }
    env[name] = found;
    secretNames.push(name);
  }
  return succeed({ env, secretNames });
}
