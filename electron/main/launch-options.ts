import path from 'node:path';
import { defaultDataRoot } from '../base/data-paths.ts';

export interface LaunchOptions {
  /** Absolute path of the data directory. */
  readonly dataRoot: string;
  /** Whether a service that is started writes the demo site when there is none. */
  readonly demo: boolean;
  /** Where the renderer is served while it is worked on, or null to show the built one. */
  readonly rendererUrl: string | null;
}

/**
 * Reads `--data DIR` and `--demo` among the arguments, which hold Chromium's own as well, and the environment:
 * OUTPOST_DATA, and OUTPOST_RENDERER_URL, which an installed app (`isPackaged`) does not heed.
 */
export function readLaunchOptions(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  isPackaged: boolean,
): LaunchOptions {
  const rendererUrl = env['OUTPOST_RENDERER_URL'];
  const data = valueOf('--data', argv);
  return {
    dataRoot: data === null ? defaultDataRoot({ ...env }) : path.resolve(data),
    demo: argv.includes('--demo'),
    rendererUrl: isPackaged || !rendererUrl ? null : rendererUrl,
  };
}

function valueOf(flag: string, argv: readonly string[]): string | null {
  const joined = argv.find((argument) => argument.startsWith(`${flag}=`));
  if (joined !== undefined) return joined.slice(flag.length + 1);
  const index = argv.indexOf(flag);
  return index < 0 ? null : (argv[index + 1] ?? null);
}
