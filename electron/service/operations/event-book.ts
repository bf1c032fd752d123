import type { Clock } from '../../base/clock.ts';
import type { ProcessReport } from '../../contract/process-state.ts';
import type { SiteEvent } from '../../contract/site-status.ts';
import type { Store } from '../store/store.ts';
import type { Emitter } from './emitter.ts';
import { processEvents } from './process-events.ts';

/** Keeps an event and tells those who follow. */
export type RecordEvent = (level: SiteEvent['level'], process: string | null, text: string) => void;

/** An event that cannot be kept, as on a full disk, is told all the same: it must not take the service down. */
export function createRecorder(
  store: Pick<Store, 'addEvent'>,
  clock: Clock,
  news: Emitter<SiteEvent>,
  warn: (message: string) => void,
): RecordEvent {
  let unkept = 0;
  return (level, process, text) => {
    const event = { timeMs: clock.nowMs(), level, process, text };
    try {
      news.emit(store.addEvent(event));
    } catch (error) {
      warn(`An event could not be kept: ${error instanceof Error ? error.message : String(error)}`);
      // Negative, so that it is no event's own.
      news.emit({ id: -++unkept, ...event });
    }
  };
}

/** Turns every change of the reports into events. Call it whenever they may have changed. */
export function createProcessWatch(
  reports: () => ReadonlyMap<string, ProcessReport>,
  record: RecordEvent,
  clock: Clock,
): () => void {
  const startedAtMs = clock.nowMs();
  let before: ReadonlyMap<string, ProcessReport> = new Map();
  return () => {
    // A runner that was not reached yet has nothing to tell; it would look like a loss.
    const after = new Map([...reports()].filter(([, report]) => report.runnerPid !== 0));
    for (const event of processEvents(before, after, clock.nowMs(), startedAtMs)) {
      record(event.level, event.process, event.text);
    }
    before = after;
  };
}
