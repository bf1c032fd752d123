import path from 'node:path';
import type { Command } from 'commander';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { runInForeground } from '../run-program.ts';

interface ServeOptions {
  readonly site?: string;
  readonly demo?: boolean;
  readonly control?: string;
  readonly gateway?: string;
}

export function registerServe(program: Command, run: RunCommand): void {
  withCommonOptions(program.command('serve'))
    .description('run the service in the foreground; prints one JSON line when it is ready')
    .option('--site <file>', 'use this site file in place of site.yaml in the data directory')
    .option('--demo', 'write the demo site (simulated models) when there is no site file yet')
    .option('--control <host:port>', 'address of the control API and the web page; port 0 picks a free one')
    .option('--gateway <host:port>', 'address of the gateway, overriding the site file')
    .addHelpText(
      'after',
      '\nCtrl-C ends the service only; model servers and gateway go on. "outpost down" stops everything.',
    )
    .action((options: ServeOptions, command: Command) =>
      run(command, ({ dataRoot }) =>
        runInForeground('service', [
          '--data',
          dataRoot,
          ...(options.site === undefined ? [] : ['--site', path.resolve(options.site)]),
          ...(options.demo ? ['--demo'] : []),
          ...(options.control === undefined ? [] : ['--control', options.control]),
          ...(options.gateway === undefined ? [] : ['--gateway', options.gateway]),
        ]),
      ),
    );
}
