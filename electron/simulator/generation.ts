import { decode, encode } from './tokenizer.ts';
import type { TextStyle } from './generated-text.ts';
import { writePiece } from './generated-text.ts';
import type { Random } from './seeded-random.ts';

export type FinishReason = 'stop' | 'length' | 'abort' | 'error';

/** Why a sequence ended; `stopReason` is the stop string or stop token id that ended it, null for a natural end. */
export interface Finish {
  readonly reason: FinishReason;
  readonly stopReason: string | number | null;
}

/** One step of a sequence: the token, the text that may be shown now, and the end when this is the last one. */
export interface GenerationStep {
  readonly tokenId: number;
  readonly text: string;
  readonly finish: Finish | null;
}

export interface GenerationLimits {
  /** At least 1. */
  readonly maxTokens: number;
  readonly minTokens: number;
  readonly ignoreEos: boolean;
  readonly stop: readonly string[];
  readonly stopTokenIds: readonly number[];
  readonly includeStopText: boolean;
}

/** An endless or ending supply of tokens; `isEnd` marks the last one of a natural end. */
export interface TokenSource {
  next(): { readonly tokenId: number; readonly isEnd: boolean };
}

/** A sequence being generated. Calling `step` after a step with a `finish` is a bug. */
export interface Generation {
  step(): GenerationStep;
}

/**
 * Applies the limits of a request to a token source. Text that could still become a stop string is held back, as vLLM
 * does, so a stop string is never shown in parts.
 */
export function createGeneration(source: TokenSource, limits: GenerationLimits): Generation {
  const longestStop = Math.max(0, ...limits.stop.map((stop) => stop.length));
  const holdBack = limits.includeStopText ? 0 : Math.max(0, longestStop - 1);
  /** The end of the text: what is not shown yet, and as much before it as a stop string may begin in. */
  let text = '';
  let shown = 0;
  let tokens = 0;

  function show(until: number): string {
    const delta = text.slice(shown, until);
    const kept = Math.min(Math.max(shown, until), Math.max(0, text.length - longestStop));
    shown = Math.max(shown, until) - kept;
    text = text.slice(kept);
    return delta;
  }

  return {
    step() {
      const { tokenId, isEnd } = source.next();
      const searchFrom = Math.max(0, text.length - longestStop + 1);
      text += decode([tokenId]) ?? '';
      tokens += 1;
      if (tokens >= limits.minTokens) {
        const found = findStop(text, limits.stop, searchFrom);
        if (found !== null) {
          const end = limits.includeStopText ? found.index + found.stop.length : found.index;
          return { tokenId, text: show(end), finish: { reason: 'stop', stopReason: found.stop } };
        }
        if (limits.stopTokenIds.includes(tokenId)) {
          return { tokenId, text: show(text.length), finish: { reason: 'stop', stopReason: tokenId } };
        }
        if (isEnd && !limits.ignoreEos) {
          return { tokenId, text: show(text.length), finish: { reason: 'stop', stopReason: null } };
        }
      }
      if (tokens >= limits.maxTokens) {
        return { tokenId, text: show(text.length), finish: { reason: 'length', stopReason: null } };
      }
      return { tokenId, text: show(Math.max(shown, text.length - holdBack)), finish: null };
    },
  };
}

function findStop(text: string, stops: readonly string[], from: number): { stop: string; index: number } | null {
  let earliest: { stop: string; index: number } | null = null;
  for (const stop of stops) {
    const index = text.indexOf(stop, from);
    if (index >= 0 && (earliest === null || index < earliest.index)) earliest = { stop, index };
  }
  return earliest;
}

/** Made-up text. After `naturalLength` tokens, every end of a sentence is a natural end. */
export function createTextSource(random: Random, style: TextStyle, naturalLength: number): TokenSource {
  let queue: number[] = [];
  let position = 0;
  let produced = 0;
  let isFirst = true;
  return {
    next() {
      if (position >= queue.length) {
        queue = encode(writePiece(random, style, isFirst));
        position = 0;
        isFirst = false;
      }
      const tokenId = queue[position];
      if (tokenId === undefined) throw new Error('A piece of text has at least one token');
      position += 1;
      produced += 1;
      return { tokenId, isEnd: position === queue.length && produced >= naturalLength };
    },
  };
}

/** A given text, then its natural end; should the request insist on more, the text begins again. */
export function createFixedSource(text: string): TokenSource {
  const ids = encode(text);
  let position = 0;
  return {
    next() {
      const tokenId = ids[position % ids.length];
      if (tokenId === undefined) throw new Error('A fixed text has at least one token');
      position += 1;
      return { tokenId, isEnd: position >= ids.length };
    },
  };
}

/** Tokens after which an answer may end by itself: 40 to 100, so that answers have about 40 to 120. */
export function naturalLength(random: Random): number {
  return 40 + Math.floor(random() * 61);
}
