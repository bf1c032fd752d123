import { Button } from '@mantine/core';
import { useState } from 'react';
import { ToneShape } from '../components/state-badge.tsx';
import { selectPhase, startService, useConnection } from '../stores/connection.ts';
import { desktopBridge } from './desktop.ts';
import classes from './service-banner.module.css';

/** Says plainly that the service does not answer and what that means; goes away by itself when it is back. */
export function ServiceBanner() {
  const phase = useConnection(selectPhase);
  const shownBefore = useConnection((store) => store.epoch > 0);
  const reason = useConnection((store) => store.reason);
  const action = useConnection((store) => store.action);
  const [starting, setStarting] = useState(false);

  async function start() {
    setStarting(true);
    try {
      await startService();
    } finally {
      setStarting(false);
    }
  }

  return (
    <div role="status" aria-live="polite">
      {phase === 'lost' && (
        <div className={classes.banner} data-testid="service-banner">
          <ToneShape tone="bad" size={16} />
          <div className={classes.text}>
            <strong>The Outpost service is not answering.</strong>{' '}
            {shownBefore
              ? 'Models and gateway keep running, and requests are still answered and recorded. What you see here is from before and is not live.'
              : 'Models and gateway that were running keep running without it.'}{' '}
            {reason} {action}
            {!desktopBridge() &&
              'This page connects again by itself; on the machine, “outpost serve” starts the service.'}
          </div>
          {desktopBridge() && (
            <Button size="xs" loading={starting} onClick={() => void start()}>
              Start the service
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
