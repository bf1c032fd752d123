import { create } from 'zustand';
import type { LogChunk, LogMatch } from '../../electron/contract/control-api.ts';
import { askService } from './call-service.ts';
import { useConnection } from './connection.ts';
import { afterRead, loaded, loading } from './loadable.ts';
import type { Loadable } from './loadable.ts';

/** What is known of the log on the screen; its text goes straight to the view. */
export interface LogHead {
  readonly run: number;
  /** First byte that is shown. */
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly sizeBytes: number;
  /** Cut from the beginning by the cap. */
  readonly droppedBytes: number;
}

/** Which part of which log: the last lines, or all from an offset. */
export interface LogPlace {
  readonly name: string;
  /** Null follows the newest run. */
  readonly run: number | null;
  readonly fromOffset: number | null;
  readonly lines: number;
}

interface ProcessLogStore {
  readonly head: Loadable<LogHead>;
  /** Null while nothing is searched for. */
  readonly matches: Loadable<readonly LogMatch[]> | null;
}

export const useProcessLogs = create<ProcessLogStore>()(() => ({ head: loading, matches: null }));

export const selectHead = (store: ProcessLogStore) => store.head;
export const selectMatches = (store: ProcessLogStore) => store.matches;

/** Where the text of a log goes. */
export interface LogSink {
  /** The first piece; what was shown before belongs to another log. */
  begin(chunk: LogChunk): void;
  append(chunk: LogChunk): void;
}

/** Reads a log and follows it until the returned function is called. */
export function followProcessLog(place: LogPlace, sink: LogSink): () => void {
  let stopped = false;
  let unsubscribe = () => {};
  useProcessLogs.setState({ head: loading });
  void read();
  return () => {
    stopped = true;
    unsubscribe();
  };

  async function read() {
    const result = await askService(`read the log of ${place.name}`, (api, options) =>
      api.processes.readLog.query(place, options),
    );
    if (stopped) return;
    if (!result.ok) {
      useProcessLogs.setState({ head: afterRead<LogHead>(loading, result) });
      return;
    }
    sink.begin(result.value);
    useProcessLogs.setState({ head: loaded(headOf(result.value, result.value.fromOffset)) });
    follow(result.value);
  }

  function follow(first: LogChunk) {
    const { client } = useConnection.getState();
    if (!client) return;
    let last = first;
    // The offset is one of this run; a newer one may have begun since it was read.
    const input = { name: place.name, run: first.run, fromOffset: first.toOffset };
    const subscription = client.api.processes.followLog.subscribe(input, {
      onData: (chunk) => {
        // The service goes on with the runs that follow; a run that was asked for by its number stands alone.
        if (place.run !== null && chunk.run !== place.run) return;
        // After a reconnect the subscription begins where it first did; the page then reads the log anew.
        if (chunk.run === last.run && chunk.fromOffset < last.toOffset) return;
        const fromOffset = chunk.run === last.run ? shownFrom() : chunk.fromOffset;
        sink.append(chunk);
        last = chunk;
        useProcessLogs.setState({ head: loaded(headOf(chunk, fromOffset)) });
      },
    });
    unsubscribe = () => subscription.unsubscribe();
  }
}

/** Looks for text in the whole log of a run, not only in what is shown. */
export async function searchProcessLog(name: string, run: number | null, text: string): Promise<void> {
  useProcessLogs.setState({ matches: loading });
  const result = await askService(`search the log of ${name}`, (api, options) =>
    api.processes.searchLog.query({ name, run, text, limit: 500 }, options),
  );
  useProcessLogs.setState({ matches: afterRead<readonly LogMatch[]>(loading, result) });
}

export function endLogSearch(): void {
  useProcessLogs.setState({ matches: null });
}

function shownFrom(): number {
  const { head } = useProcessLogs.getState();
  return head.state === 'loaded' ? head.value.fromOffset : 0;
}

function headOf({ run, toOffset, sizeBytes, droppedBytes }: LogChunk, fromOffset: number): LogHead {
  return { run, fromOffset, toOffset, sizeBytes: Math.max(sizeBytes, toOffset), droppedBytes };
}
