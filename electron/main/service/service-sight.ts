import type { ServiceLocation } from '../../contract/desktop-bridge.ts';

/** What one look at the data directory and the service's address found. */
export type ServiceSight =
  /** No service has left word of itself, or its process is gone. */
  | { readonly kind: 'absent' }
  /** Its process lives, but does not answer. */
  | { readonly kind: 'silent'; readonly pid: number; readonly control: string }
  /** It answers, but we are not to be let in. */
  | { readonly kind: 'closed'; readonly pid: number; readonly reason: string }
  | { readonly kind: 'answering'; readonly pid: number; readonly control: string; readonly token: string };

/** A busy machine may miss one; a service that misses this many in a row counts as lost. */
const MISSES_ALLOWED = 2;

/** Where the service is now, given where it was, what a look found and how many looks before found it silent. */
export function locationAfter(previous: ServiceLocation, sight: ServiceSight, misses: number): ServiceLocation {
  switch (sight.kind) {
    case 'answering':
      return { state: 'ready', control: sight.control, token: sight.token };
    case 'silent':
      if (previous.state === 'ready' && misses < MISSES_ALLOWED) return previous;
      return {
        state: 'lost',
        reason: `The service (process ${sight.pid}) does not answer on ${sight.control}.`,
        action: 'Wait a moment. If it goes on, end it with "outpost down" or stop the process, then start it again.',
      };
    case 'closed':
      return {
        state: 'lost',
        reason: `The service runs (process ${sight.pid}), but cannot be used: ${sight.reason}`,
        action: 'Run the app as the user that the service runs as.',
      };
    case 'absent':
      // Why a start failed says more than that nothing runs, which follows from it.
      if (previous.state === 'lost') return previous;
      return {
        state: 'lost',
        reason: 'The service has ended.',
        action: 'Start it again.',
      };
  }
}

export function isSameLocation(a: ServiceLocation, b: ServiceLocation): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
