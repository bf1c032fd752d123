import { VisuallyHidden } from '@mantine/core';
import type { SiteEvent } from '../../../electron/contract/site-status.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { ToneShape } from '../../components/state-badge.tsx';
import { formatClock, formatDateTime } from '../../components/time-text.tsx';
import { refreshEvents, selectEvents, useEvents } from '../../stores/events.ts';
import type { Tone } from '../../stores/state-words.ts';
import classes from './overview.module.css';

const levels: Record<SiteEvent['level'], { readonly tone: Tone; readonly word: string }> = {
  info: { tone: 'idle', word: 'Information' },
  warning: { tone: 'warn', word: 'Warning' },
  error: { tone: 'bad', word: 'Error' },
};

/** What happened last, newest first. */
export function EventList() {
  const events = useEvents(selectEvents);
  return (
    <Panel title="Last events" flush>
      <AsyncView
        data={events}
        what="events"
        inset
        onRetry={() => void refreshEvents()}
        isEmpty={(list) => list.length === 0}
        empty={<EmptyState title="Nothing has happened yet">Starts, stops and failures are listed here.</EmptyState>}
      >
        {(list) => (
          <ol
            className={`${classes.rows} ${classes.events}`}
            tabIndex={0}
            aria-label="Events, newest first"
            data-testid="events"
          >
            {list.map((event) => (
              <li key={event.id} className={classes.event}>
                <time
                  className={classes.eventTime}
                  dateTime={new Date(event.timeMs).toISOString()}
                  title={formatDateTime(event.timeMs)}
                >
                  {formatClock(event.timeMs)}
                </time>
                <span className={classes.eventMark} data-level={event.level}>
                  <ToneShape tone={levels[event.level].tone} size={11} />
                  <VisuallyHidden>{levels[event.level].word}: </VisuallyHidden>
                </span>
                <span className={classes.eventText}>{event.text}</span>
              </li>
            ))}
          </ol>
        )}
      </AsyncView>
    </Panel>
  );
}
