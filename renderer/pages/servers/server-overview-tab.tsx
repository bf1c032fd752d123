import { Text } from '@mantine/core';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { KeyValue } from '../../components/key-value.tsx';
import { Panel } from '../../components/panel.tsx';
import { ProcessStateBadge } from '../../components/state-badge.tsx';
import { DurationText, RelativeTime } from '../../components/time-text.tsx';
import { wantedStateWord } from '../../stores/state-words.ts';
import classes from './servers.module.css';

/** What is true of a process, since when and why. */
export function ServerOverviewTab({ process }: { readonly process: ProcessStatus }) {
  const spawnedAtMs = process.spawned_at === null ? null : Date.parse(process.spawned_at);
  const readyAtMs = process.ready_at === null ? null : Date.parse(process.ready_at);
  return (
    <div className={classes.two}>
      <Panel title="State">
        <KeyValue
          rows={[
            ['Actual', <ProcessStateBadge key="state" state={process.actual} />],
            ['Wanted', wantedStateWord(process.wanted)],
            ['Why', process.reason ?? <Text c="dimmed">Nothing to explain</Text>],
            ['Next attempt', process.next_attempt_at === null ? null : <RelativeTime time={process.next_attempt_at} />],
            ['Restarts', `${process.restarts} since it was last started by hand`],
          ]}
        />
      </Panel>
      <Panel title="This run">
        <KeyValue
          rows={[
            ['Run', process.run === 0 ? 'Has not run yet' : String(process.run)],
            ['Process id', process.pid === null ? '–' : String(process.pid)],
            ['Port', process.port === null ? '–' : String(process.port)],
            ['Spawned', <RelativeTime key="spawned" time={process.spawned_at} />],
            [
              'Ready',
              readyAtMs === null ? (
                'Not ready'
              ) : (
                <>
                  <RelativeTime time={readyAtMs} />
                  {spawnedAtMs !== null &&
                    readyAtMs >= spawnedAtMs &&
                    `, ${formatDuration(readyAtMs - spawnedAtMs)} after spawning`}
                </>
              ),
            ],
            [
              'Loading for',
              process.actual === 'starting' && spawnedAtMs !== null ? (
                <DurationText startMs={spawnedAtMs} endMs={null} />
              ) : null,
            ],
            ['Models', process.serves.length === 0 ? null : process.serves.join(', ')],
          ]}
        />
      </Panel>
    </div>
  );
}
