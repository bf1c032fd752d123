import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { ProcessStateBadge } from '../../components/state-badge.tsx';
import { DurationText } from '../../components/time-text.tsx';
import { endFirstRun } from '../../stores/first-run.ts';
import { selectProcesses, useStatus } from '../../stores/status.ts';
import classes from './first-run.module.css';

/** Shows the demo's processes come up, then where to go. */
export function DemoProgress() {
  const processes = useStatus(selectProcesses);
  const [path, navigate] = useLocation();
  const shownAt = useRef(path);
  // Whoever goes to another page by a shortcut has seen enough.
  useEffect(() => {
    if (path !== shownAt.current) endFirstRun();
  }, [path]);
  const allReady = processes.length > 0 && processes.every((process) => process.actual === 'ready');

  function leaveFor(path: string) {
    navigate(path);
    endFirstRun();
  }

  return (
    <Stack maw={720} mx="auto" pt="4vh" gap="lg">
      <PageHeader
        title={allReady ? 'The demo is running' : 'Starting the demo'}
        description="A process is ready when its health check has answered, not when it was started."
      />
      <Panel flush>
        <ul className={classes.steps} aria-label="Processes of the demo">
          {processes.map((process) => (
            <li key={process.name} className={classes.step}>
              <div className={classes.stepText}>
                <Group gap="xs">
                  <Text fw={600}>{process.name}</Text>
                  {process.simulated && <SimulatedBadge />}
                </Group>
                <Text size="sm" c="dimmed">
                  {process.reason ??
                    (process.kind === 'gateway'
                      ? 'Takes requests and records them'
                      : `Serves ${process.serves.join(', ')}`)}
                </Text>
              </div>
              {process.actual === 'starting' && process.spawned_at && (
                <Text size="sm" c="dimmed">
                  <DurationText startMs={Date.parse(process.spawned_at)} endMs={null} />
                </Text>
              )}
              <ProcessStateBadge state={process.actual} />
            </li>
          ))}
          {processes.length === 0 && (
            <li className={classes.step}>
              <Text size="sm" c="dimmed">
                The service is writing the site file and starting its processes…
              </Text>
            </li>
          )}
        </ul>
      </Panel>
      <Text size="sm" c="dimmed">
        The simulated servers answer with made-up text at set speeds. Use them to learn Outpost, not to judge a model.
      </Text>
      <Group>
        <Button disabled={!allReady} onClick={() => leaveFor('/playground')}>
          Open the Playground
        </Button>
        <Button variant="default" onClick={() => leaveFor('/')}>
          Go to the overview
        </Button>
      </Group>
    </Stack>
  );
}
