import { create } from 'zustand';
import type { RequestDetail, RequestSummary } from '../../electron/contract/request-row.ts';
import { announce } from './announcements.ts';
import { emptyAnswer } from './assemble-answer.ts';
import type { Answer } from './assemble-answer.ts';
import { buildReplay } from './build-replay.ts';
import { useConnection } from './connection.ts';
import { findRow } from './find-row.ts';
import { sendPrompt } from './send-prompt.ts';
import type { PromptError } from './send-prompt.ts';

/** A recorded request that was sent once more. */
export interface Replay {
  /** Null for as it was sent. */
  readonly model: string | null;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  readonly answer: Answer;
  /** Measured here until the row is found, then as the gateway measured it. */
  readonly ttftMs: number | null;
  readonly durationMs: number | null;
  readonly servedBy: string | null;
  readonly error: PromptError | null;
  /** Its own row in the request log, or null while that is not found. */
  readonly row: RequestSummary | null;
}

interface ReplayStore {
  /** The recorded request that is compared with, or null while nothing is. */
  readonly original: RequestDetail | null;
  readonly replay: Replay | null;
}

export const useReplay = create<ReplayStore>()(() => ({ original: null, replay: null }));

export const selectOriginal = (store: ReplayStore) => store.original;
export const selectReplay = (store: ReplayStore) => store.replay;

let underWay: AbortController | null = null;

/** Opens the comparison; nothing is sent yet. */
export function prepareReplay(original: RequestDetail): void {
  endReplay();
  useReplay.setState({ original, replay: null });
}

/** Sends it through the gateway, as it was sent or to another model; resolves when its row was found or given up on. */
export async function runReplay(model: string | null): Promise<void> {
  const { original } = useReplay.getState();
  const { client } = useConnection.getState();
  const request = original && buildReplay(original, model);
  if (!client || !request) return;
  underWay?.abort();
  const abort = new AbortController();
  underWay = abort;
  const first: Replay = {
    model,
    state: 'running',
    answer: emptyAnswer,
    ttftMs: null,
    durationMs: null,
    servedBy: null,
    error: null,
    row: null,
  };
  useReplay.setState({ replay: first });
  const update = (change: Partial<Replay>) => {
    if (underWay === abort) useReplay.setState(({ replay }) => (replay ? { replay: { ...replay, ...change } } : {}));
  };
  const outcome = await sendPrompt(client.address, request, abort.signal, ({ answer, ttftMs, servedBy }) =>
    update({ answer, ttftMs, servedBy }),
  );
  const state = outcome.stopped ? 'stopped' : outcome.error ? 'failed' : 'done';
  const { answer, ttftMs, durationMs, servedBy, error } = outcome;
  update({ state, answer, ttftMs, durationMs, servedBy, error });
  if (state === 'done') announce('The request was answered again');
  if (outcome.requestId === null) return;
  await findRow(outcome.requestId, (row) =>
    update({
      row,
      ...(row.ttft_ms === null ? {} : { ttftMs: row.ttft_ms }),
      ...(row.duration_ms === null ? {} : { durationMs: row.duration_ms }),
    }),
  );
}

/** Leaves the request under way; what has come of the answer stays. */
export function stopReplay(): void {
  underWay?.abort();
}

/** Closes the comparison and leaves a request that is under way. */
export function endReplay(): void {
  underWay?.abort();
  underWay = null;
  useReplay.setState({ original: null, replay: null });
}
