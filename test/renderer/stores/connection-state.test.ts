import { describe, expect, it } from 'vitest';
import { nextConnection, startingConnection } from '../../../renderer/stores/connection-state.ts';
import type { Connection, ConnectionEvent } from '../../../renderer/stores/connection-state.ts';

const lost: ConnectionEvent = { type: 'lost', reason: null, action: null };

function after(...events: readonly ConnectionEvent[]): Connection {
  return events.reduce(nextConnection, startingConnection);
}

describe('connection', () => {
  it('is live only when the service has answered', () => {
    expect(after({ type: 'connecting' }).phase).toBe('connecting');
    expect(after({ type: 'connecting' }, { type: 'answered' })).toMatchObject({ phase: 'live', epoch: 1 });
  });

  it('begins a new epoch each time it comes back, and not with every answer', () => {
    const live = after({ type: 'connecting' }, { type: 'answered' });
    expect(nextConnection(live, { type: 'answered' })).toBe(live);
    expect(nextConnection(nextConnection(live, lost), { type: 'answered' }).epoch).toBe(2);
  });

  it('stays lost while it is tried again, so that what is on the screen is not taken for live', () => {
    expect(after({ type: 'connecting' }, { type: 'answered' }, lost, { type: 'connecting' }).phase).toBe('lost');
  });

  it('keeps the reason that the desktop app gave when the socket closes after it', () => {
    const known = after({ type: 'lost', reason: 'The service ended.', action: 'Start it.' });
    expect(nextConnection(known, lost)).toMatchObject({ reason: 'The service ended.', action: 'Start it.' });
  });

  it('asks for the token again and says that it was refused', () => {
    expect(after({ type: 'connecting' }, { type: 'token-refused' })).toMatchObject({
      phase: 'signed-out',
      tokenRefused: true,
    });
  });

  it('does not leave the sign-in when the refused socket closes', () => {
    expect(after({ type: 'token-refused' }, lost).phase).toBe('signed-out');
  });
});
