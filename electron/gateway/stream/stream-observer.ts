import { AnswerBuilder } from '../texts/answer-builder.ts';
import { readAnswer } from '../texts/read-answer.ts';
import { asArray, parseObject } from '../texts/read-json.ts';
import type { TokenUsage } from '../texts/token-usage.ts';
import { mergeUsage, unknownUsage } from '../texts/token-usage.ts';
import type { SseEvent } from './sse-scanner.ts';

const MAX_TIMES = 20_000;

/** What a stream has told so far. */
export interface StreamFacts {
  readonly events: number;
  /** Milliseconds from the start of the request to each event with data. */
  readonly timesMs: readonly number[];
  /** To the first event that carries something from the model, or null. */
  readonly firstContentMs: number | null;
  readonly finishReason: string | null;
  readonly usage: TokenUsage;
  readonly error: string | null;
  readonly answerText: string | null;
}

/** Reads the events of a stream as they pass. */
export class StreamObserver {
  readonly #answer = new AnswerBuilder();
  readonly #timesMs: number[] = [];
  #events = 0;
  #firstContentMs: number | null = null;
  #finishReason: string | null = null;
  #usage = unknownUsage;
  #error: string | null = null;
  #usageBesideContent = false;

  /**
   * Takes note of an event. True when it carries nothing but token counts, as the last event of a stream for which they
   * were asked; never when the server sends counts with every event anyway, for then its clients know them.
   */
  observe(event: SseEvent, atMs: number): boolean {
    if (event.data === null) return false;
    this.#events += 1;
    if (this.#timesMs.length < MAX_TIMES) this.#timesMs.push(Math.round(atMs * 100) / 100);
    const body = event.data.startsWith('[DONE]') ? null : parseObject(event.data);
    if (body === null) return false;
    const facts = readAnswer(body, this.#answer);
    if (facts.hasContent) this.#firstContentMs ??= atMs;
    this.#finishReason = facts.finishReason ?? this.#finishReason;
    this.#error = facts.error ?? this.#error;
    if (facts.usage === null) return false;
    this.#usage = mergeUsage(this.#usage, facts.usage);
    const isUsageAlone = Array.isArray(body['choices']) && asArray(body['choices']).length === 0;
    if (!isUsageAlone) this.#usageBesideContent = true;
    return isUsageAlone && !this.#usageBesideContent;
  }

  facts(): StreamFacts {
    return {
      events: this.#events,
      timesMs: this.#timesMs,
      firstContentMs: this.#firstContentMs,
      finishReason: this.#finishReason,
      usage: this.#usage,
      error: this.#error,
      answerText: this.#answer.text(),
    };
  }
}
