import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { ArgumentValue } from '../../contract/site-schema.ts';

/** Flags that Outpost sets itself, with where the operator sets the same thing. */
export type ReservedFlags = Readonly<Record<string, string>>;

/**
 * The `args` of a server as command-line flags, in the order of the site file: true becomes a bare flag, false a "--no-"
 * flag, a list one flag with several values, a map JSON. A reserved flag is SITE_INVALID, with what to use instead.
 */
export function flagArguments(
  args: Readonly<Record<string, ArgumentValue>> | undefined,
  reserved: ReservedFlags,
  owner: string,
): Result<readonly string[]> {
  const list: string[] = [];
  for (const [name, value] of Object.entries(args ?? {})) {
    const instead = reserved[canonicalFlag(name)];
    if (instead !== undefined) {
      return fail('SITE_INVALID', `${owner} sets the flag "${name}" in args, which Outpost sets itself.`, instead);
    }
    list.push(...flagOf(name, value));
  }
  return succeed(list);
}

/** Engines take `_` for `-` in flags. */
export function canonicalFlag(name: string): string {
  return name.replaceAll('_', '-').toLowerCase();
}

function flagOf(name: string, value: ArgumentValue): readonly string[] {
  if (value === true) return [`--${name}`];
  if (value === false) return [`--no-${name}`];
  if (Array.isArray(value)) return [`--${name}`, ...value.map(String)];
  if (typeof value === 'object') return [`--${name}`, JSON.stringify(value)];
  // A value that looks like a flag would be read as one.
  return String(value).startsWith('-') ? [`--${name}=${value}`] : [`--${name}`, String(value)];
}
