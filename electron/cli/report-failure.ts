import type { CommanderError } from 'commander';
import type { OutpostError } from '../contract/outpost-error.ts';
import { outpostError } from '../contract/outpost-error.ts';
import type { Terminal } from './terminal.ts';
import { harmlessText } from './harmless-text.ts';

/** Prints why a command failed: for scripts on stdout as JSON, for people on stderr. Returns the exit code. */
export async function reportFailure(terminal: Terminal, json: boolean, error: OutpostError): Promise<number> {
  if (json) {
    const { code, message, action = null, detail } = error;
    const printed = { code, message, action, ...(detail === undefined ? {} : { detail }) };
    await terminal.write(`${JSON.stringify({ error: printed })}\n`);
  } else {
    const lines = [[error.message, error.action].filter(Boolean).join(' ')];
    if (error.detail !== undefined) lines.push('', error.detail.trimEnd());
    terminal.writeError(`${harmlessText(lines.join('\n'))}\n`);
  }
  return exitCodeOf(error);
}

/** 2 for wrong use, 1 for everything else. */
function exitCodeOf(error: OutpostError): number {
  return error.code === 'USAGE' ? 2 : 1;
}

/** What commander has to say about the command line, in our own form. */
export function usageErrorOf(error: CommanderError): OutpostError {
  if (error.code === 'commander.help') {
    return outpostError('USAGE', 'No command was given.', 'Run "outpost --help" to see all commands.');
  }
  const [first = '', ...rest] = error.message.split('\n');
  const suggestion = /Did you mean (one of )?(.*)\?\)/.exec(rest.join(' '))?.[2];
  const message = sentence(first.replace(/^error: /, ''));
  const action =
    suggestion === undefined
      ? 'Run the command with --help to see how it is used.'
      : `Did you mean ${suggestion}? Run the command with --help to see how it is used.`;
  return outpostError('USAGE', message, action);
}

/** A bug in Outpost itself, said without a stack trace unless OUTPOST_DEBUG asks for it. */
export function unexpectedErrorOf(error: unknown, env: Terminal['env']): OutpostError {
  const message = error instanceof Error ? error.message : String(error);
  const detail = env['OUTPOST_DEBUG'] && error instanceof Error ? error.stack : undefined;
  return outpostError(
    'INTERNAL',
    sentence(`The command failed: ${message}`),
    'Set OUTPOST_DEBUG=1 and run it again for more.',
    detail,
  );
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toUpperCase() + trimmed.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
