import { create } from 'zustand';
import { announce } from './announcements.ts';
import { emptyAnswer } from './assemble-answer.ts';
import type { Answer } from './assemble-answer.ts';
import { useConnection } from './connection.ts';
import { findRow } from './find-row.ts';
import { buildPlaygroundRequest, emptyDraft } from './playground-draft.ts';
import type { PlaygroundDraft, PlaygroundTarget } from './playground-draft.ts';
import { sendPrompt } from './send-prompt.ts';
import type { PromptError } from './send-prompt.ts';

/** One prompt with what came of it. */
export interface PlaygroundTurn {
  readonly id: number;
  readonly target: PlaygroundTarget;
  readonly prompt: string;
  readonly state: 'running' | 'done' | 'stopped' | 'failed';
  /** UTC epoch milliseconds. */
  readonly startedAtMs: number;
  readonly answer: Answer;
  readonly ttftMs: number | null;
  readonly durationMs: number | null;
  readonly requestId: string | null;
  readonly servedBy: string | null;
  readonly error: PromptError | null;
  /** Its row in the request log, or null while that is not found. */
  readonly rowId: number | null;
}

interface PlaygroundStore {
  readonly draft: PlaygroundDraft;
  /** Oldest first; kept while other pages are shown. */
  readonly turns: readonly PlaygroundTurn[];
}

export const usePlayground = create<PlaygroundStore>()(() => ({ draft: emptyDraft, turns: [] }));

export const selectDraft = (store: PlaygroundStore) => store.draft;
export const selectTurns = (store: PlaygroundStore) => store.turns;
export const selectIsSending = (store: PlaygroundStore) => store.turns.at(-1)?.state === 'running';

let underWay: AbortController | null = null;
let lastTurn = 0;

export function changeDraft(change: Partial<PlaygroundDraft>): void {
  usePlayground.setState(({ draft }) => ({ draft: { ...draft, ...change } }));
}

/** Begins anew with what was set up elsewhere. */
export function takeDraft(draft: PlaygroundDraft): void {
  clearConversation();
  usePlayground.setState({ draft });
}

/** Forgets the conversation; what is set up stays. */
export function clearConversation(): void {
  underWay?.abort();
  usePlayground.setState({ turns: [] });
}

/** Sends what is set up; resolves when the answer has ended, however it did. */
export async function sendDraft(): Promise<void> {
  const { draft, turns } = usePlayground.getState();
  const { client } = useConnection.getState();
  const { target } = draft;
  if (!client || !target || draft.prompt.trim() === '' || selectIsSending(usePlayground.getState())) return;
  const past = turns
    .filter(({ state, answer }) => state !== 'failed' && answer.text !== '')
    .map(({ prompt, answer }) => ({ prompt, answer: answer.text }));
  const request = buildPlaygroundRequest({ ...draft, target }, past);
  const id = ++lastTurn;
  const turn: PlaygroundTurn = {
    id,
    target,
    prompt: draft.prompt,
    state: 'running',
    startedAtMs: Date.now(),
    answer: emptyAnswer,
    ttftMs: null,
    durationMs: null,
    requestId: null,
    servedBy: null,
    error: null,
    rowId: null,
  };
  usePlayground.setState({ turns: [...turns, turn], draft: { ...draft, prompt: '' } });
  const abort = new AbortController();
  underWay = abort;
  const outcome = await sendPrompt(client.address, request, abort.signal, (progress) => updateTurn(id, progress));
  if (underWay === abort) underWay = null;
  const { stopped, ...rest } = outcome;
  const state = stopped ? 'stopped' : outcome.error ? 'failed' : 'done';
  updateTurn(id, { ...rest, state });
  if (state === 'failed') restorePrompt(turn.prompt);
  // What went wrong is read out by the notice in its place.
  else announce(state === 'done' ? 'The answer is complete' : 'The answer was stopped');
  if (outcome.requestId !== null) await findRow(outcome.requestId, (row) => updateTurn(id, { rowId: row.id }));
}

/** Leaves the request under way; what has come of the answer stays. */
export function stopSending(): void {
  underWay?.abort();
}

/** A prompt that came to nothing is put back, so that it can be sent again. */
function restorePrompt(prompt: string): void {
  usePlayground.setState(({ draft }) => (draft.prompt === '' ? { draft: { ...draft, prompt } } : {}));
}

function updateTurn(id: number, change: Partial<PlaygroundTurn>): void {
  usePlayground.setState(({ turns }) => ({
    turns: turns.map((turn) => (turn.id === id ? { ...turn, ...change } : turn)),
  }));
}
