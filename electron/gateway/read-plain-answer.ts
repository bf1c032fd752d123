import type { ErrorCode } from '../contract/outpost-error.ts';
import type { BodyCapture } from './body-capture.ts';
import { scanObject } from './json/scan-object.ts';
import type { ApiFamily } from './parse-target.ts';
import { AnswerBuilder } from './texts/answer-builder.ts';
import { readAnswer, readError } from './texts/read-answer.ts';
import { parseObject } from './texts/read-json.ts';
import type { TokenUsage } from './texts/token-usage.ts';
import { readUsage, unknownUsage } from './texts/token-usage.ts';
import { headerOf } from './upstream/headers.ts';

export interface PlainAnswer {
  readonly usage: TokenUsage;
  readonly finishReason: string | null;
  readonly answerText: string | null;
  /** What the model server says went wrong, or null when it succeeded. */
  readonly error: string | null;
  readonly errorCode: ErrorCode | null;
}

/** Longer answers are not parsed whole: it would hold up every other request. */
const MAX_PARSED_BYTES = 4 * 1024 * 1024;

/** Reads what a complete answer tells for the record. */
export function readPlainAnswer(
  family: ApiFamily,
  status: number,
  headers: readonly string[],
  body: BodyCapture,
): PlainAnswer {
  const nothing: PlainAnswer = {
    usage: unknownUsage,
    finishReason: null,
    answerText: null,
    error: null,
    errorCode: null,
  };
  const isJson = /json/i.test(headerOf(headers, 'content-type') ?? '');
  if (status >= 400) {
    const parsed = isJson && body.totalBytes <= MAX_PARSED_BYTES ? parseObject(body.bytes().toString('utf8')) : null;
    const message = parsed === null ? null : readError(parsed);
    const error = `The model server answered with status ${status}${message === null ? '' : `: ${message}`}`;
    return { ...nothing, error, errorCode: 'UPSTREAM_ERROR' };
  }
  if (!isJson || body.note !== null) return nothing;
  if (family === 'other' || body.totalBytes > MAX_PARSED_BYTES) return { ...nothing, usage: scanUsage(body.bytes()) };
  const parsed = parseObject(body.bytes().toString('utf8'));
  if (parsed === null) return nothing;
  const answer = new AnswerBuilder();
  const facts = readAnswer(parsed, answer);
  return {
    usage: facts.usage ?? unknownUsage,
    finishReason: facts.finishReason,
    answerText: answer.text(),
    error: facts.error,
    errorCode: facts.error === null ? null : 'UPSTREAM_ERROR',
  };
}

/** The token counts of a long answer (such as embeddings), found without parsing the rest. */
function scanUsage(body: Buffer): TokenUsage {
  const scan = scanObject(body, ['usage']);
  const range = scan.valid ? scan.ranges.get('usage')?.at(-1) : undefined;
  if (range === undefined) return unknownUsage;
  return readUsage(parseObject(body.toString('utf8', range.start, range.end))) ?? unknownUsage;
}
