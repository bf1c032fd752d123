import { Table, Text, VisuallyHidden } from '@mantine/core';
import { Fragment } from 'react';
import { Link } from 'wouter';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { ProcessStateBadge } from '../../components/state-badge.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { wantedStateWord } from '../../stores/state-words.ts';
import { ProcessActions } from './process-actions.tsx';
import { kindWord } from './kind-word.ts';
import classes from './servers.module.css';

const COLUMNS = 8;

/** Each process in a row, with a second row for why it is in its state. */
export function ProcessTable({ processes }: { readonly processes: readonly ProcessStatus[] }) {
  return (
    <div className={classes.tableScroll} tabIndex={0} role="region" aria-label="Servers and other processes">
      <Table className={classes.table ?? ''} verticalSpacing={9} horizontalSpacing={12}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Wanted</Table.Th>
            <Table.Th ta="right">PID</Table.Th>
            <Table.Th ta="right">Port</Table.Th>
            <Table.Th ta="right">Restarts</Table.Th>
            <Table.Th>Ready since</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {processes.map((process) => (
            <Fragment key={process.name}>
              <Table.Tr data-process={process.name} data-explained={process.reason !== null}>
                <Table.Td className={classes.nameCell ?? ''}>
                  <div className={classes.nameLine}>
                    <Link href={`/servers/${process.name}`} className={classes.name ?? ''}>
                      {process.name}
                    </Link>
                    {process.simulated && <SimulatedBadge />}
                    {process.restart_needed && <span className={classes.pending}>Restart needed</span>}
                  </div>
                  <div className={classes.models}>{describe(process)}</div>
                </Table.Td>
                <Table.Td>
                  <ProcessStateBadge state={process.actual} />
                </Table.Td>
                <Table.Td>{wantedStateWord(process.wanted)}</Table.Td>
                <Table.Td ta="right">{process.pid ?? '–'}</Table.Td>
                <Table.Td ta="right">{process.port ?? '–'}</Table.Td>
                <Table.Td ta="right">{process.restarts}</Table.Td>
                <Table.Td>
                  <Text size="sm" component="span" style={{ whiteSpace: 'nowrap' }}>
                    <RelativeTime time={process.ready_at} />
                  </Text>
                </Table.Td>
                <Table.Td>
                  <ProcessActions process={process} />
                </Table.Td>
              </Table.Tr>
              {process.reason && (
                <Table.Tr>
                  <Table.Td colSpan={COLUMNS} className={classes.reason ?? ''}>
                    {process.reason}
                  </Table.Td>
                </Table.Tr>
              )}
            </Fragment>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function describe(process: ProcessStatus): string {
  const kind = kindWord(process);
  return process.serves.length === 0 ? kind : `${kind} · ${process.serves.join(', ')}`;
}
