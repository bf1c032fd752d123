import type { CommandPreview } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { succeed } from '../../contract/outpost-error.ts';
import type { ServerConfig } from '../../contract/site-schema.ts';
import { engines } from './build-spec.ts';
import type { LaunchContext } from './launch.ts';

const HIDDEN = '•••';

/** What will be run for a server, with every secret hidden; secrets that are not set yet do not prevent it. */
export function previewCommand(server: ServerConfig, context: LaunchContext): Result<CommandPreview> {
  const missing: string[] = [];
  const launch = engines[server.engine].buildLaunch(server, {
    ...context,
    upstreamKey: context.upstreamKey ?? HIDDEN,
    secret(name) {
      if (context.secret(name) === null) missing.push(name);
      return HIDDEN;
    },
  });
  if (!launch.ok) return launch;
  const { command, args, secretNames, cwd } = launch.value;
  const env = Object.fromEntries(
    Object.entries(launch.value.env).map(([name, value]) => [name, secretNames.includes(name) ? HIDDEN : value]),
  );
  const assignments = Object.entries(env).map(([name, value]) => `${name}=${quoteForShell(value)}`);
  const line = [...assignments, ...[command, ...args].map(quoteForShell)].join(' ');
  return succeed({
    command,
    args,
    env,
    shellLine: cwd === null ? line : `cd ${quoteForShell(cwd)} && ${line}`,
    warnings: [
      ...launch.value.warnings,
      ...missing.map((name) => `The secret "${name}" is not set yet: outpost secrets set ${name}`),
    ],
  });
}

function quoteForShell(text: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(text) || text === HIDDEN ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
