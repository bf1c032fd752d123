import { CloseButton } from '@mantine/core';
import type { LogMatch } from '../../../electron/contract/control-api.ts';
import { AsyncView } from '../../components/async-view.tsx';
import type { Loadable } from '../../stores/loadable.ts';
import { stripEscapes } from './strip-escapes.ts';
import classes from './servers.module.css';

export interface LogMatchesProps {
  readonly matches: Loadable<readonly LogMatch[]>;
  readonly onShow: (offset: number) => void;
  readonly onClose: () => void;
}

/** Every line of the run that was searched for, beside the terminal. */
export function LogMatches({ matches, onShow, onClose }: LogMatchesProps) {
  const count = matches.state === 'loaded' ? matches.value.length : null;
  return (
    <section className={classes.matches} aria-label="Matches in the whole run">
      <div className={classes.matchesHead}>
        <span role="status">
          {count === null ? 'Searching…' : `${count} ${count === 1 ? 'line' : 'lines'} in this run`}
        </span>
        <CloseButton size="sm" aria-label="Close the matches" onClick={onClose} />
      </div>
      <div className={classes.matchList}>
        <AsyncView
          data={matches}
          what="matches"
          onRetry={onClose}
          isEmpty={(list) => list.length === 0}
          empty={<p style={{ padding: '0 8px', fontSize: 13 }}>No line of this run has this text.</p>}
        >
          {(list) => (
            <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
              {list.map((match) => (
                <li key={match.offset}>
                  <button type="button" className={classes.match} onClick={() => onShow(match.offset)}>
                    {stripEscapes(match.line)}
                  </button>
                </li>
              ))}
            </ul>
          )}
        </AsyncView>
      </div>
    </section>
  );
}
