import type { Command } from 'commander';
import { succeed } from '../../contract/outpost-error.ts';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { withService } from '../control-client.ts';
import { renderStatus } from '../render-status.ts';
import { textStyle } from '../text-style.ts';

export function registerStatus(program: Command, run: RunCommand): void {
  withCommonOptions(program.command('status'))
    .description('show the site: processes with wanted and actual state, ports, GPUs')
    .action((_options: unknown, command: Command) =>
      run(command, ({ dataRoot, terminal }) =>
        withService(dataRoot, async (service) => {
          const status = await service.ask(service.api.status.query());
          if (!status.ok) return status;
          const text = renderStatus(status.value, {
            nowMs: Date.now(),
            style: textStyle(terminal),
            columns: terminal.columns,
          });
          return succeed({ json: status.value, text });
        }),
      ),
    );
}
