import type { Command } from 'commander';
import { succeed } from '../../contract/outpost-error.ts';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { withService } from '../control-client.ts';
import { followLog } from '../follow-log.ts';
import { printLogChunk } from '../print-log-chunk.ts';
import { integerOption } from '../parse-options.ts';

interface LogsOptions {
  readonly follow?: boolean;
  readonly lines: number;
  readonly run?: number;
}

export function registerLogs(program: Command, run: RunCommand): void {
  withCommonOptions(program.command('logs'))
    .description('show the log of a process')
    .argument('<name>', 'a process as "outpost status" lists it')
    .option('-f, --follow', 'go on with what is written, over restarts, until Ctrl-C')
    .option('-n, --lines <n>', 'how many lines from the end', integerOption(1, 10_000), 200)
    .option('--run <k>', 'number of the run (default: the newest)', integerOption(1, Number.MAX_SAFE_INTEGER))
    .addHelpText('after', '\nWith --json one object with "run" and "text"; with -f one such object per line.')
    .action((name: string, options: LogsOptions, command: Command) =>
      run(command, async (context) => {
        const read = await withService(context.dataRoot, (service) =>
          service.operate(
            service.api.processes.readLog.query({
              name,
              run: options.run ?? null,
              fromOffset: null,
              lines: options.lines,
            }),
          ),
        );
        if (!read.ok) return read;
        await printLogChunk(read.value, context);
        if (options.follow) await followLog({ name, run: read.value.run, fromOffset: read.value.toOffset }, context);
        return succeed({ exitCode: 0 });
      }),
    );
}
