import type { RunRecord } from '../../../electron/contract/process-state.ts';
import type { Tone } from '../../stores/state-words.ts';

/** How a run ended, in two words and a tone. */
export function describeEnd(run: RunRecord): { readonly tone: Tone; readonly label: string } {
  if (run.endedAtMs === null) {
    return run.readyAtMs === null ? { tone: 'busy', label: 'Starting' } : { tone: 'ok', label: 'Running' };
  }
  const how =
    run.signal !== null ? run.signal : run.exitCode !== null ? `Exit code ${run.exitCode}` : 'Exit code unknown';
  switch (run.cause) {
    case 'stopped':
      return { tone: 'idle', label: run.exitCode === 0 ? 'Stopped' : `Stopped, ${lowerFirst(how)}` };
    case 'exited':
      return { tone: 'bad', label: how };
    case 'start-failed':
      return { tone: 'bad', label: `Not started, ${lowerFirst(how)}` };
    case 'unknown':
    case null:
      return { tone: 'warn', label: how };
  }
}

/** Signal names stay as they are. */
function lowerFirst(text: string): string {
  return text.startsWith('SIG') ? text : text.charAt(0).toLowerCase() + text.slice(1);
}
