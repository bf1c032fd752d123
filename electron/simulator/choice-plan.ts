import type { Finish } from './generation.ts';
import { createFixedSource, createGeneration, createTextSource, naturalLength } from './generation.ts';
import { textStyle } from './generated-text.ts';
import type { SamplingRequest } from './sampling.ts';
import { createRandom, hashNumbers } from './seeded-random.ts';
import type { ChoicePlan } from './sequence-group.ts';
import type { ServerContext } from './server-context.ts';

/**
 * What one choice will say. It depends on the server's seed, the request's seed, the prompt and the number of the choice,
 * and on nothing else, so the same request always gets the same answer.
 *
 * @param fixedText writes the answer itself, for tool calls; null for made-up text.
 */
export function planChoice(
  context: ServerContext,
  sampling: SamplingRequest,
  promptTokenIds: readonly number[],
  maxTokens: number,
  choice: number,
  fixedText: ((random: () => number) => string) | null,
): ChoicePlan {
  const { options } = context;
  const random = createRandom(hashNumbers(options.seed, [sampling.seed ?? 0, choice, ...promptTokenIds]));
  const source =
    fixedText === null
      ? createTextSource(random, textStyle(options.servedModelNames[0]), naturalLength(random))
      : createFixedSource(fixedText(random));
  const generation = createGeneration(source, {
    maxTokens,
    minTokens: fixedText === null ? sampling.minTokens : 0,
    ignoreEos: fixedText === null && sampling.ignoreEos,
    stop: fixedText === null ? sampling.stop : [],
    stopTokenIds: fixedText === null ? sampling.stopTokenIds : [],
    includeStopText: sampling.includeStopText,
  });
  const jitterRandom = createRandom(hashNumbers(options.seed + 1, [sampling.seed ?? 0, choice, ...promptTokenIds]));
  return { promptTokenIds, generation, maxTokens, random: jitterRandom };
}

/** A natural end is an event of its own, without text; any other end comes with the last text. */
export function isNaturalEnd(finish: Finish): boolean {
  return finish.reason === 'stop' && finish.stopReason === null;
}
