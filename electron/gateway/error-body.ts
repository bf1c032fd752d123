import type { OutpostError } from '../contract/outpost-error.ts';
import { errorCodes } from '../contract/outpost-error.ts';
import type { ApiFamily } from './parse-target.ts';

/** An error as OpenAI's clients expect it; the type says that Outpost, not a model server, produced it. */
export function errorBody(error: OutpostError): string {
  return JSON.stringify({ error: describe(error) });
}

/** The same as an event of a stream that has already begun. */
export function errorEvent(error: OutpostError, family: ApiFamily): string {
  const described = describe(error);
  if (family === 'messages') return `event: error\ndata: ${JSON.stringify({ type: 'error', error: described })}\n\n`;
  if (family === 'responses') return `event: error\ndata: ${JSON.stringify({ ...described, type: 'error' })}\n\n`;
  return `data: ${JSON.stringify({ error: described })}\n\n`;
}

/** Seconds after which trying again makes sense, or null when it does not by itself. */
export function retryAfterSeconds(error: OutpostError): number | null {
  if (error.retryAfterSeconds !== undefined) return error.retryAfterSeconds;
  if (errorCodes[error.code] !== 503) return null;
  return error.code === 'SERVER_NOT_RUNNING' ? 10 : 2;
}

function describe(error: OutpostError): { message: string; type: string; param: string | null; code: string } {
  return {
    message: error.action === undefined ? error.message : `${error.message} ${error.action}`,
    type: 'outpost_error',
    param: error.code === 'MODEL_MISSING' || error.code === 'MODEL_UNKNOWN' ? 'model' : null,
    code: error.code.toLowerCase(),
  };
}
