import path from 'node:path';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { defaultDataRoot } from '../base/data-paths.ts';
import type { Result } from '../contract/outpost-error.ts';
import type { Terminal } from './terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Whether the answer is to be one JSON value. */
  readonly json: boolean;
  /** Absolute path of the data directory. */
  readonly dataRoot: string;
}

/** What a command found: printed as JSON or as text. Or, for one that did its own printing, the exit code alone. */
export type Answer = { readonly json: unknown; readonly text: string } | { readonly exitCode: number };

export type CommandAction = (context: CommandContext) => Promise<Result<Answer>>;

/** Runs a command's action, prints its answer and keeps the exit code. */
export type RunCommand = (command: Command, action: CommandAction) => Promise<void>;

/** Adds the options that every command has. */
export function withCommonOptions(command: Command): Command {
  return command
    .option(
      '--data <dir>',
      'data directory (default: $OUTPOST_DATA, else the folder for application data)',
      directoryOption,
    )
    .option('--json', 'print one JSON value on stdout, errors included');
}

/** An empty one, as from a variable that is not set, would be the current folder. */
function directoryOption(text: string): string {
  if (text === '') throw new InvalidArgumentError('Give the path of a folder.');
  return text;
}

export function contextOf(command: Command, terminal: Terminal): CommandContext {
  const { data, json } = command.optsWithGlobals<{ data?: string; json?: boolean }>();
  return {
    terminal,
    json: json === true,
    dataRoot: data === undefined ? defaultDataRoot({ ...terminal.env }) : path.resolve(data),
  };
}
