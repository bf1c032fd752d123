import type { Command } from 'commander';
import type { Result } from '../../contract/outpost-error.ts';
import { succeed } from '../../contract/outpost-error.ts';
import type { ProcessStatus } from '../../contract/site-status.ts';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import type { ControlApi } from '../control-client.ts';
import { withService } from '../control-client.ts';
import { describeProcess } from '../render-status.ts';
import { textStyle } from '../text-style.ts';

const operations = [
  {
    name: 'start',
    description: 'start a process; returns when it is ready or has failed',
    doing: 'Starting',
    ask: (api: ControlApi, name: string): Promise<Result<ProcessStatus>> => api.processes.start.mutate({ name }),
  },
  {
    name: 'stop',
    description: 'stop a process; returns when it is proven stopped',
    doing: 'Stopping',
    ask: (api: ControlApi, name: string): Promise<Result<ProcessStatus>> => api.processes.stop.mutate({ name }),
  },
  {
    name: 'restart',
    description: 'stop and start a process; returns when it is ready or has failed',
    doing: 'Restarting',
    ask: (api: ControlApi, name: string): Promise<Result<ProcessStatus>> => api.processes.restart.mutate({ name }),
  },
] as const;

export function registerProcessCommands(program: Command, run: RunCommand): void {
  for (const operation of operations) {
    withCommonOptions(program.command(operation.name))
      .description(operation.description)
      .argument('<name>', 'a process as "outpost status" lists it')
      .action((name: string, _options: unknown, command: Command) =>
        run(command, ({ dataRoot, terminal, json }) =>
          withService(dataRoot, async (service) => {
            if (terminal.stderrIsTty && !json) terminal.writeError(`${operation.doing} ${name} …\n`);
            // A large model takes minutes to load.
            const outcome = await service.operate(operation.ask(service.api, name), null);
            if (!outcome.ok) return outcome;
            return succeed({ json: outcome.value, text: describeProcess(outcome.value, textStyle(terminal)) });
          }),
        ),
      );
  }
}
