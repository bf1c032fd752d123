export type ConnectionPhase =
  | 'locating' // where the service is is not known yet
  | 'signed-out' // a token is needed
  | 'connecting'
  | 'live'
  | 'lost'; // was or should be there and does not answer; tried again by itself

export interface Connection {
  readonly phase: ConnectionPhase;
  /** Counts how often the connection came to life; data read before the last time may be old. */
  readonly epoch: number;
  /** Whether a token was given and refused. */
  readonly tokenRefused: boolean;
  /** Why the service cannot be reached, as the desktop app knows it, or null. */
  readonly reason: string | null;
  readonly action: string | null;
}

export type ConnectionEvent =
  | { readonly type: 'starting' }
  | { readonly type: 'token-needed' }
  | { readonly type: 'token-refused' }
  | { readonly type: 'connecting' }
  | { readonly type: 'answered' }
  | { readonly type: 'lost'; readonly reason: string | null; readonly action: string | null };

export const startingConnection: Connection = {
  phase: 'locating',
  epoch: 0,
  tokenRefused: false,
  reason: null,
  action: null,
};

/** What an event makes of the connection. */
export function nextConnection(now: Connection, event: ConnectionEvent): Connection {
  switch (event.type) {
    case 'starting':
      return now.phase === 'live' ? now : { ...now, phase: now.epoch === 0 ? 'locating' : 'lost' };
    case 'token-needed':
      return { ...now, phase: 'signed-out', tokenRefused: false };
    case 'token-refused':
      return { ...now, phase: 'signed-out', tokenRefused: true };
    case 'connecting':
      // Once something was shown it stays on the screen, marked as not live, until the service answers again.
      return { ...now, phase: now.epoch === 0 ? 'connecting' : 'lost', reason: null, action: null };
    case 'answered':
      return now.phase === 'live'
        ? now
        : { phase: 'live', epoch: now.epoch + 1, tokenRefused: false, reason: null, action: null };
    case 'lost':
      if (now.phase === 'signed-out') return now;
      return { ...now, phase: 'lost', reason: event.reason ?? now.reason, action: event.action ?? now.action };
  }
}
