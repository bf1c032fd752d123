import { Anchor, Button } from '@mantine/core';
import { Link } from 'wouter';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { ProcessStateBadge } from '../../components/state-badge.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import classes from './overview.module.css';

/** Everything that is supervised, with its state. */
export function ProcessPanel({ processes }: { readonly processes: readonly ProcessStatus[] }) {
  const hasServer = processes.some((process) => process.kind === 'server');
  return (
    <Panel
      title="Processes"
      flush
      aside={
        <Anchor component={Link} href="/servers" size="sm">
          All servers
        </Anchor>
      }
    >
      <ul className={classes.rows}>
        {processes.map((process) => (
          <li key={process.name} className={classes.row}>
            <div className={classes.rowMain}>
              <Link href={`/servers/${process.name}`} className={classes.rowName ?? ''}>
                {process.name}
              </Link>
              {process.simulated && <SimulatedBadge />}
              <span className={classes.rowNote}>{process.serves.join(', ')}</span>
            </div>
            {process.ready_at && (
              <span className={classes.rowNote}>
                ready <RelativeTime time={process.ready_at} />
              </span>
            )}
            <ProcessStateBadge state={process.actual} />
          </li>
        ))}
      </ul>
      {!hasServer && (
        <EmptyState
          title="No model server yet"
          actions={
            <Button component={Link} href="/add-server">
              Add a server
            </Button>
          }
        >
          The gateway has nobody to send requests to. Add a model server to answer them.
        </EmptyState>
      )}
    </Panel>
  );
}
