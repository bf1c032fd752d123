import { Anchor, Table } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import { Link } from 'wouter';
import type { RunRecord } from '../../../electron/contract/process-state.ts';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { formatDuration } from '../../components/format-duration.ts';
import { Panel } from '../../components/panel.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { DurationText, formatDateTime } from '../../components/time-text.tsx';
import { refreshRuns, selectRuns, useServers } from '../../stores/servers.ts';
import { describeEnd } from './describe-end.ts';
import classes from './servers.module.css';

/** The history of a process, newest run first. */
export function RunsTab({ process }: { readonly process: ProcessStatus }) {
  const { name, run, actual } = process;
  const runs = useServers(selectRuns(name));
  const refresh = useCallback(() => void refreshRuns(name), [name]);
  // A new run and the end of one both show as a change of the state.
  useEffect(refresh, [refresh, run, actual]);
  return (
    <Panel title="Runs" flush>
      <AsyncView
        data={runs}
        what="runs"
        inset
        onRetry={refresh}
        isEmpty={(list) => list.length === 0}
        empty={<EmptyState title="It has not run yet">Every start is listed here with how it ended.</EmptyState>}
      >
        {(list) => (
          <div className={classes.tableScroll} tabIndex={0} role="region" aria-label={`Runs of ${name}`}>
            <Table className={classes.table ?? ''} horizontalSpacing={16} verticalSpacing={9}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th ta="right">Run</Table.Th>
                  <Table.Th>Spawned</Table.Th>
                  <Table.Th ta="right">Ready after</Table.Th>
                  <Table.Th ta="right">Lasted</Table.Th>
                  <Table.Th>End</Table.Th>
                  <Table.Th>Reason</Table.Th>
                  <Table.Th>Log</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.map((record) => (
                  <RunRow key={record.runId} name={name} record={record} />
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </AsyncView>
    </Panel>
  );
}

function RunRow({ name, record }: { readonly name: string; readonly record: RunRecord }) {
  const end = describeEnd(record);
  return (
    <Table.Tr>
      <Table.Td ta="right">{record.number}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{formatDateTime(record.spawnedAtMs)}</Table.Td>
      <Table.Td ta="right">
        {record.readyAtMs === null ? 'never' : formatDuration(record.readyAtMs - record.spawnedAtMs)}
      </Table.Td>
      <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
        <DurationText startMs={record.spawnedAtMs} endMs={record.endedAtMs} />
      </Table.Td>
      <Table.Td>
        <StateBadge tone={end.tone} label={end.label} />
      </Table.Td>
      <Table.Td>{record.reason ?? '–'}</Table.Td>
      <Table.Td>
        <Anchor
          component={Link}
          href={`/servers/${name}/log?run=${record.number}`}
          size="sm"
          aria-label={`Log of run ${record.number}`}
        >
          Log
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}
