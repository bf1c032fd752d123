import { StateBadge } from '../components/state-badge.tsx';
import { selectPhase, useConnection } from '../stores/connection.ts';
import type { ConnectionPhase } from '../stores/connection-state.ts';
import type { Tone } from '../stores/state-words.ts';

const words: Record<ConnectionPhase, { readonly tone: Tone; readonly label: string }> = {
  locating: { tone: 'busy', label: 'Starting' },
  connecting: { tone: 'busy', label: 'Connecting' },
  live: { tone: 'ok', label: 'Live' },
  lost: { tone: 'bad', label: 'Not live' },
  'signed-out': { tone: 'idle', label: 'Signed out' },
};

/** Whether what is on the screen is kept up to date. */
export function ConnectionState() {
  const { tone, label } = words[useConnection(selectPhase)];
  return (
    <span data-connection={label} title={`Connection to the service: ${label}`}>
      <StateBadge tone={tone} label={label} />
    </span>
  );
}
