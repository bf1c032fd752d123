import { parseArgs } from 'node:util';
import { defaultDataRoot } from '../base/data-paths.ts';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import { listenSchema } from '../contract/site-schema.ts';

export interface ServiceFlags {
  readonly dataRoot: string;
  /** A site file in place of DATA/site.yaml, or null. */
  readonly siteFile: string | null;
  readonly demo: boolean;
  /** HOST:PORT each, or null for what the site file says. */
  readonly control: string | null;
  readonly gateway: string | null;
}

/** Reads the command line of the service; USAGE when it is wrong. */
export function parseFlags(argv: readonly string[]): Result<ServiceFlags> {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        site: { type: 'string' },
        demo: { type: 'boolean', default: false },
        control: { type: 'string' },
        gateway: { type: 'string' },
      },
    }));
  } catch (error) {
    return fail('USAGE', error instanceof Error ? error.message : String(error), 'See "outpost serve --help".');
  }
  for (const name of ['control', 'gateway'] as const) {
    const parsed = listenSchema.safeParse(values[name] ?? '127.0.0.1:0');
    if (!parsed.success) {
      return fail(
        'USAGE',
        `--${name} "${values[name]}": ${parsed.error.issues[0]?.message ?? 'not an address'}.`,
        'Give it as HOST:PORT; port 0 picks a free one.',
      );
    }
  }
  return succeed({
    dataRoot: values.data ?? defaultDataRoot(),
    siteFile: values.site ?? null,
    demo: values.demo,
    control: values.control ?? null,
    gateway: values.gateway ?? null,
  });
}
