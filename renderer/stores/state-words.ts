import type { ActualState, WantedState } from '../../electron/contract/process-state.ts';
import type { RequestState } from '../../electron/contract/request-row.ts';

/** What a state means for the operator, which decides colour and shape. */
export type Tone = 'ok' | 'busy' | 'warn' | 'bad' | 'idle';

const actualWords: Record<ActualState, { readonly word: string; readonly tone: Tone }> = {
  stopped: { word: 'Stopped', tone: 'idle' },
  starting: { word: 'Starting', tone: 'busy' },
  ready: { word: 'Ready', tone: 'ok' },
  degraded: { word: 'Degraded', tone: 'warn' },
  hung: { word: 'Hung', tone: 'bad' },
  stopping: { word: 'Stopping', tone: 'busy' },
  'backing-off': { word: 'Waiting to retry', tone: 'warn' },
  failed: { word: 'Failed', tone: 'bad' },
  lost: { word: 'Lost', tone: 'bad' },
};

const requestWords: Record<RequestState, { readonly word: string; readonly tone: Tone }> = {
  running: { word: 'Running', tone: 'busy' },
  ok: { word: 'OK', tone: 'ok' },
  error: { word: 'Error', tone: 'bad' },
  rejected: { word: 'Rejected', tone: 'warn' },
  cancelled: { word: 'Cancelled', tone: 'idle' },
};

const wantedWords: Record<WantedState, string> = {
  running: 'Running',
  stopped: 'Stopped',
  'on-demand': 'On demand',
};

export function actualStateWord(state: ActualState): string {
  return actualWords[state].word;
}

export function actualStateTone(state: ActualState): Tone {
  return actualWords[state].tone;
}

export function requestStateWord(state: RequestState): string {
  return requestWords[state].word;
}

export function requestStateTone(state: RequestState): Tone {
  return requestWords[state].tone;
}

export function wantedStateWord(state: WantedState): string {
  return wantedWords[state];
}
