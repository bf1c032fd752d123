import type { EngineOutput, Sequence } from './engine.ts';
import type { Finish, Generation } from './generation.ts';
import type { Random } from './seeded-random.ts';
import type { ServerContext } from './server-context.ts';

/** One choice of a response, before it runs. */
export interface ChoicePlan {
  readonly promptTokenIds: readonly number[];
  readonly generation: Generation;
  readonly maxTokens: number;
  readonly random: Random;
}

/** What a choice has produced since it was last taken. */
export interface PendingOutput {
  readonly text: string;
  readonly tokens: number;
  readonly finish: Finish | null;
}

const nothing: PendingOutput = { text: '', tokens: 0, finish: null };

/**
 * The sequences of one HTTP request. Output that nobody takes piles up merged, as in vLLM: a slow client neither slows the
 * engine nor makes the server remember more than the text itself.
 */
export class SequenceGroup {
  readonly sequences: readonly Sequence[];
  readonly #context: ServerContext;
  readonly #pending: PendingOutput[];
  readonly #completionTokens: number[];
  #unfinished: number;
  #onOutput: ((choice: number) => void) | null = null;

  constructor(context: ServerContext, plans: readonly ChoicePlan[], arrivedAtMs: number, choicesPerPrompt: number) {
    this.#context = context;
    this.#pending = plans.map(() => nothing);
    this.#completionTokens = plans.map(() => 0);
    this.#unfinished = plans.length;
    const fault = context.onInferenceRequest();
    if (fault === 'hang') context.engine.freeze();
    this.sequences = plans.map((plan, index) =>
      context.engine.submit({
        arrivedAtMs,
        promptTokenIds: plan.promptTokenIds,
        generation: plan.generation,
        maxTokens: plan.maxTokens,
        choicesPerPrompt,
        random: plan.random,
        onOutput: (output) => {
          this.#add(index, output);
          // Once the token is on its way to the client.
          if (fault === 'crash' && output.tokens > 0) setImmediate(context.crash);
        },
      }),
    );
  }

  get isFinished(): boolean {
    return this.#unfinished === 0;
  }

  /** Calls back with the number of the choice whenever it has output to take. */
  onOutput(callback: (choice: number) => void): void {
    this.#onOutput = callback;
  }

  take(choice: number): PendingOutput {
    const pending = this.#pending[choice] ?? nothing;
    this.#pending[choice] = nothing;
    return pending;
  }

  /** Tokens produced by a choice so far, taken or not. */
  completionTokens(choice: number): number {
    return this.#completionTokens[choice] ?? 0;
  }

  /** The client has gone. */
  abort(): void {
    for (const sequence of this.sequences) this.#context.engine.end(sequence, 'abort');
  }

  #add(choice: number, output: EngineOutput): void {
    const pending = this.#pending[choice] ?? nothing;
    this.#pending[choice] = {
      text: pending.text + output.text,
      tokens: pending.tokens + output.tokens,
      finish: output.finish ?? pending.finish,
    };
    this.#completionTokens[choice] = this.completionTokens(choice) + output.tokens;
    if (output.finish !== null) this.#unfinished -= 1;
    this.#onOutput?.(choice);
  }
}
