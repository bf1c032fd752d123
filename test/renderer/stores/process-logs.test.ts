import { expect, it, onTestFinished } from 'vitest';
import type { LogChunk } from '../../../electron/contract/control-api.ts';
import type { ControlClient } from '../../../renderer/app/control-client.ts';
import { useConnection } from '../../../renderer/stores/connection.ts';
import { followProcessLog } from '../../../renderer/stores/process-logs.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

function chunkOf(run: number, fromOffset: number, text: string): LogChunk {
  const toOffset = fromOffset + text.length;
  return { run, fromOffset, toOffset, sizeBytes: toOffset, text, droppedBytes: 0 };
}

/** A page that follows a log, and a service whose newest run is 3. */
async function follow(run: number | null) {
  let input: unknown = null;
  let emit: (chunk: LogChunk) => void = () => undefined;
  const processes = {
    readLog: { query: async () => ({ ok: true, value: chunkOf(run ?? 3, 0, 'first\n') }) },
    followLog: {
      subscribe(asked: unknown, { onData }: { onData: (chunk: LogChunk) => void }) {
        input = asked;
        emit = onData;
        return { unsubscribe: () => undefined };
      },
    },
  };
  useConnection.setState({ client: { api: { processes } } as unknown as ControlClient });
  const shown: string[] = [];
  const sink = {
    begin: (chunk: LogChunk) => shown.push(chunk.text),
    append: (chunk: LogChunk) => shown.push(chunk.text),
  };
  onTestFinished(followProcessLog({ name: 'demo', run, fromOffset: null, lines: 10 }, sink));
  await waitFor(() => input !== null);
  return { input, emit, shown };
}

it('follows the newest run from where it was read, and then the runs after it', async () => {
  const { input, emit, shown } = await follow(null);
  expect(input).toEqual({ name: 'demo', run: 3, fromOffset: 6 });
  emit(chunkOf(3, 6, 'second\n'));
  emit(chunkOf(4, 0, 'next run\n'));
  expect(shown).toEqual(['first\n', 'second\n', 'next run\n']);
});

it('shows nothing of later runs when a run was asked for', async () => {
  const { emit, shown } = await follow(2);
  emit(chunkOf(3, 0, 'next run\n'));
  expect(shown).toEqual(['first\n']);
});
