import { engineDead, errorBody } from './api-error.ts';
import type { Exchange } from './http-exchange.ts';
import type { PendingOutput, SequenceGroup } from './sequence-group.ts';
import { SseStream } from './sse-stream.ts';

/** Turns what a choice produced into events, and closes the stream with the last of them. */
export interface StreamFormat {
  events(choice: number, output: PendingOutput, completionTokens: number): readonly object[];
  lastEvents(): readonly object[];
}

/** Streams a group to its client: each output as it comes, merged output to a client that reads slowly. */
export function streamGroup(exchange: Exchange, group: SequenceGroup, format: StreamFormat): void {
  const taken = group.sequences.map(() => 0);
  const withOutput = new Set<number>();
  let unsentChoices = group.sequences.length;
  let isOver = false;

  const flush = (): void => {
    for (const choice of withOutput) {
      if (isOver || stream.isBlocked) return;
      withOutput.delete(choice);
      const output = group.take(choice);
      taken[choice] = (taken[choice] ?? 0) + output.tokens;
      if (output.finish?.reason === 'error') {
        isOver = true;
        stream.send(errorBody(engineDead()));
        stream.end();
        group.abort();
        return;
      }
      for (const event of format.events(choice, output, taken[choice] ?? 0)) stream.send(event);
      if (output.finish !== null) unsentChoices -= 1;
    }
    if (unsentChoices > 0 || isOver) return;
    isOver = true;
    for (const event of format.lastEvents()) stream.send(event);
    stream.end();
  };
  const stream = new SseStream(exchange, flush);
  group.onOutput((choice) => {
    withOutput.add(choice);
    flush();
  });
}

/** Resolves when every sequence of a group has ended. */
export function waitForGroup(group: SequenceGroup): Promise<void> {
  return new Promise((resolve) => {
    if (group.isFinished) resolve();
    group.onOutput(() => {
      if (group.isFinished) resolve();
    });
  });
}
