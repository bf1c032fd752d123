import { runCli } from '../../electron/cli/run-cli.ts';
import type { Terminal } from '../../electron/cli/terminal.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliWorld {
  readonly stdin?: string;
  readonly typed?: string | null;
  /** Makes stdout and stderr a terminal of this width. */
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Called after every write to stdout with all of it; `interrupt` is Ctrl-C. */
  readonly onOutput?: (stdout: string, interrupt: () => void) => void;
}

/** Runs the command line in this process, in a world of the test's own. */
export async function cli(data: string, args: readonly string[], world: CliWorld = {}): Promise<CliRun> {
  let stdout = '';
  let stderr = '';
  const interrupts = new Set<() => void>();
  const isTty = world.columns !== undefined;
  const terminal: Terminal = {
    env: { OUTPOST_DATA: data, ...world.env },
    stdoutIsTty: isTty,
    stderrIsTty: isTty,
    stdinIsTty: world.typed !== undefined,
    columns: world.columns ?? null,
    write: async (text) => {
      stdout += text;
      world.onOutput?.(stdout, () => interrupts.forEach((listener) => listener()));
    },
    writeError: (text) => void (stderr += text),
    readInput: async () => world.stdin ?? '',
    askHidden: async () => world.typed ?? null,
    onInterrupt(listener) {
      interrupts.add(listener);
      return () => interrupts.delete(listener);
    },
  };
  const code = await runCli(args, terminal, '1.2.3');
  return { code, stdout, stderr };
}
