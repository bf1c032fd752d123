import type { LogChunk } from '../contract/control-api.ts';
import type { CommandContext } from './command-context.ts';
import { harmlessText } from './harmless-text.ts';

/** Prints a piece of a log: as one JSON line, as it is into a pipe, or made harmless on a terminal. */
export async function printLogChunk(chunk: LogChunk, { terminal, json }: CommandContext): Promise<void> {
  if (json) {
    await terminal.write(
      `${JSON.stringify({
        run: chunk.run,
        text: chunk.text,
        from_offset: chunk.fromOffset,
        to_offset: chunk.toOffset,
        size_bytes: chunk.sizeBytes,
        dropped_bytes: chunk.droppedBytes,
      })}\n`,
    );
    return;
  }
  if (chunk.text === '') return;
  const text = chunk.text.endsWith('\n') ? chunk.text : `${chunk.text}\n`;
  await terminal.write(terminal.stdoutIsTty ? harmlessText(text) : text);
}
