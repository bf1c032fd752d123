import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { parseDurationMs } from '../contract/duration.ts';
import type { KeyRules } from '../contract/key-rules.ts';
import { integerOption, parseMoment } from './parse-options.ts';

/** The options of "keys add" as commander gives them. */
export interface KeyOptions {
  readonly models?: string[];
  readonly features?: string[];
  readonly routes?: string[];
  /** UTC epoch milliseconds. */
  readonly expires?: number;
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
  readonly concurrency?: number;
  readonly tokensPerDay?: number;
}

export function addKeyOptions(command: Command): Command {
  const count = integerOption(1, 1_000_000_000_000);
  return command
    .addOption(new Option('--models <a,b>', 'served model names it may use').argParser(listOption))
    .addOption(new Option('--features <f,g>', 'features it may use, and nothing else').argParser(listOption))
    .addOption(new Option('--routes <r,s>', 'routes below /v1, such as chat,embeddings').argParser(listOption))
    .addOption(new Option('--expires <when>', 'such as 30d, or a date').argParser(expiryOption))
    .addOption(new Option('--requests-per-minute <n>', 'requests in any minute').argParser(count))
    .addOption(new Option('--tokens-per-minute <n>', 'prompt and completion tokens in any minute').argParser(count))
    .addOption(new Option('--concurrency <n>', 'requests at the same time').argParser(count))
    .addOption(new Option('--tokens-per-day <n>', 'tokens from midnight to midnight UTC').argParser(count));
}

export function keyRules(options: KeyOptions): KeyRules {
  return {
    models: options.models ?? null,
    features: options.features ?? null,
    routes: options.routes ?? null,
    expiresAtMs: options.expires ?? null,
    limits: {
      requestsPerMinute: options.requestsPerMinute ?? null,
      tokensPerMinute: options.tokensPerMinute ?? null,
      concurrency: options.concurrency ?? null,
      tokensPerDay: options.tokensPerDay ?? null,
    },
  };
}

function listOption(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.includes('')) throw new InvalidArgumentError('Give names separated by commas, such as a,b.');
  return [...new Set(names)];
}

function expiryOption(text: string): number {
  const nowMs = Date.now();
  const inMs = parseDurationMs(text);
  const expiresAtMs = inMs === null ? parseMoment(text, nowMs) : nowMs + inMs;
  if (expiresAtMs === null || expiresAtMs <= nowMs) {
    throw new InvalidArgumentError('Use how long from now, such as 30d, or a time to come, such as 2027-01-31.');
  }
  return expiresAtMs;
}
