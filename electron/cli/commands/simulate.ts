import type { Command } from 'commander';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { runInForeground } from '../run-program.ts';

export function registerSimulate(program: Command, run: RunCommand): void {
  withCommonOptions(program.command('simulate'))
    .description('run the simulated engine, which answers like "vllm serve"; takes its flags, see simulate --help')
    .argument('[flags...]')
    .allowUnknownOption()
    // Even --help is the engine's own.
    .helpOption(false)
    .action((_flags: string[], _options: unknown, command: Command) =>
      run(command, () => runInForeground('simulator', command.args)),
    );
}
