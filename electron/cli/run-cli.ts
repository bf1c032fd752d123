import { Command, CommanderError } from 'commander';
import type { RunCommand } from './command-context.ts';
import { contextOf, withCommonOptions } from './command-context.ts';
import { registerDown } from './commands/down.ts';
import { registerFeatures } from './commands/features.ts';
import { registerKeys } from './commands/keys.ts';
import { registerLogs } from './commands/logs.ts';
import { registerProcessCommands } from './commands/process-commands.ts';
import { registerRequests } from './commands/requests.ts';
import { registerSecrets } from './commands/secrets.ts';
import { registerServe } from './commands/serve.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerStatus } from './commands/status.ts';
import { reportFailure, unexpectedErrorOf, usageErrorOf } from './report-failure.ts';
import type { Terminal } from './terminal.ts';

/** In the order of `outpost --help`. */
const registrations = [
  registerServe,
  registerDown,
  registerStatus,
  registerProcessCommands,
  registerLogs,
  registerRequests,
  registerFeatures,
  registerKeys,
  registerSecrets,
  registerSimulate,
];

/** Runs one command line (without node and script) and resolves with the exit code: 0 done, 1 failed, 2 wrong use. */
export async function runCli(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
  let exitCode = 0;
  const program = withCommonOptions(new Command('outpost'))
    .description('Runs language models on one workstation: model servers, gateway, request log.')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    // Errors are printed below, in our own form; help is an answer.
    .configureOutput({ writeOut: (text) => void terminal.write(text), writeErr: () => undefined });

  const run: RunCommand = async (command, action) => {
    const context = contextOf(command, terminal);
    const outcome = await action(context);
    if (!outcome.ok) exitCode = await reportFailure(terminal, context.json, outcome.error);
    else if ('exitCode' in outcome.value) exitCode = outcome.value.exitCode;
    else await terminal.write(`${context.json ? JSON.stringify(outcome.value.json) : outcome.value.text}\n`);
  };
  for (const register of registrations) register(program, run);

  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    const json = args.includes('--json');
    if (!(error instanceof CommanderError)) {
      return reportFailure(terminal, json, unexpectedErrorOf(error, terminal.env));
    }
    if (error.code === 'commander.helpDisplayed' || error.code === 'commander.version') return 0;
    // "outpost help" asks for what a missing command is only shown.
    if (error.code === 'commander.help' && error.exitCode === 0) return 0;
    if (error.code === 'commander.help' && !json) terminal.writeError(`${program.helpInformation()}\n`);
    return reportFailure(terminal, json, usageErrorOf(error));
  }
}
