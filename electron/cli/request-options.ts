import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { featureNameSchema } from '../contract/names.ts';
import type { RequestFilter, RequestState } from '../contract/request-row.ts';
import { requestStates } from '../contract/request-row.ts';
import { integerOption, momentOption } from './parse-options.ts';

/** Which requests a command is about, as its options say it. */
export interface RequestOptions {
  readonly since?: number;
  readonly until?: number;
  readonly model?: string;
  readonly feature?: string;
  readonly server?: string;
  readonly key?: string;
  readonly state?: RequestState;
  readonly httpStatus?: number;
  readonly search?: string;
  readonly limit?: number;
  readonly before?: number;
}

export const anyId = integerOption(1, Number.MAX_SAFE_INTEGER);

export function withRequestOptions(command: Command, limitHelp: string): Command {
  return command
    .option('--since <when>', 'from then on: how long ago (30m, 1h, 7d) or an ISO time', momentOption)
    .option('--until <when>', 'before then', momentOption)
    .option('--model <model>', 'served model name')
    .option('--feature <feature>', 'GitLab Duo feature', featureOption)
    .option('--server <name>', 'model server that answered')
    .option('--key <name>', 'name of the API key')
    .addOption(new Option('--state <state>', 'how it ended').choices(requestStates))
    .option('--http-status <n>', 'HTTP status sent to the client', integerOption(100, 599))
    .option('--search <text>', 'words in prompt or answer; "quoted words" as a phrase, word* as a prefix', searchOption)
    .option('--limit <n>', limitHelp, integerOption(1, Number.MAX_SAFE_INTEGER))
    .option('--before <id>', 'only requests older than this one', anyId);
}

export function requestFilterOf(options: RequestOptions): RequestFilter {
  const { since, until, model, feature, server, key, state, httpStatus, search } = options;
  return {
    ...(since === undefined ? {} : { sinceMs: since }),
    ...(until === undefined ? {} : { untilMs: until }),
    ...(model === undefined ? {} : { model }),
    ...(feature === undefined ? {} : { feature }),
    ...(server === undefined ? {} : { server }),
    ...(key === undefined ? {} : { key }),
    ...(state === undefined ? {} : { state }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
    ...(search === undefined ? {} : { search }),
  };
}

function featureOption(text: string): string {
  const parsed = featureNameSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('Use a GitLab feature key such as code_completions.');
  return parsed.data;
}

function searchOption(text: string): string {
  if (text.length > 500) throw new InvalidArgumentError('Use at most 500 characters.');
  return text;
}
