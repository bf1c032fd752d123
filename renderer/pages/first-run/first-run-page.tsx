import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { OutpostError } from '../../../electron/contract/outpost-error.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { beginFirstRun, endFirstRun } from '../../stores/first-run.ts';
import { selectSite, startSite, useSite } from '../../stores/site.ts';
import { DemoProgress } from './demo-progress.tsx';
import { EmptySiteForm } from './empty-site-form.tsx';
import classes from './first-run.module.css';

/** Shown while there is no site: try the demo, or set up a real one. */
export function FirstRunPage() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<OutpostError | null>(null);
  const [, navigate] = useLocation();
  const site = useSite(selectSite);
  const siteExists = site.state === 'loaded' && site.value.exists;

  async function start(kind: 'demo' | 'empty', name?: string) {
    setBusy(true);
    setError(null);
    beginFirstRun();
    const result = await startSite(kind, name);
    setBusy(false);
    if (!result.ok) {
      endFirstRun();
      setError(result.error);
      return;
    }
    if (kind === 'empty') {
      navigate('/add-server');
      endFirstRun();
    }
  }

  if (siteExists) return <DemoProgress />;
  return (
    <Stack maw={960} mx="auto" pt="4vh" gap="lg">
      <PageHeader
        title="Welcome to Outpost"
        description="Outpost runs language models on this machine, routes every request to the right one, and keeps a searchable record of all traffic. Nothing leaves the machine."
      />
      {error && <ErrorNotice error={error} />}
      <div className={classes.choices}>
        <Panel title="Try the demo" aside={<SimulatedBadge />}>
          <Stack h="100%">
            <Text size="sm">
              Two simulated model servers start within seconds. They behave like vLLM – loading, streaming, queueing,
              counting tokens – but no model is loaded and no GPU is used:{' '}
              <strong>their answers are made-up text.</strong> Everything else is the real thing: supervision, gateway,
              request log.
            </Text>
            <Text size="sm" c="dimmed">
              Real servers can be added to the demo site later, and the simulated ones removed.
            </Text>
            <Group mt="auto">
              <Button onClick={() => void start('demo')} loading={busy}>
                Try the demo
              </Button>
            </Group>
          </Stack>
        </Panel>
        <Panel title="Add a real server">
          <EmptySiteForm busy={busy} onSubmit={(name) => void start('empty', name)} />
        </Panel>
      </div>
    </Stack>
  );
}
