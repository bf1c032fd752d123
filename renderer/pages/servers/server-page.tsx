import { Button, Stack, Tabs } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Suspense, lazy } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { restartProcessAction } from '../../actions/restart-process.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { AsyncView, LineSkeleton } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { ProcessStateBadge } from '../../components/state-badge.tsx';
import { selectStatus, useStatus } from '../../stores/status.ts';
import { ConfigurationTab } from './configuration-tab.tsx';
import { kindWord } from './kind-word.ts';
import { ProcessActions } from './process-actions.tsx';
import { RunsTab } from './runs-tab.tsx';
import { ServerOverviewTab } from './server-overview-tab.tsx';
import classes from './servers.module.css';

// The terminal is larger than all the rest of this page.
const LogTab = lazy(async () => ({ default: (await import('./log-tab.tsx')).LogTab }));

const tabs = [
  { value: 'overview', label: 'Overview' },
  { value: 'log', label: 'Log' },
  { value: 'runs', label: 'Runs' },
  { value: 'configuration', label: 'Configuration' },
] as const;

/** One supervised process: its state, its log, its runs and its configuration. */
export function ServerPage() {
  const { name = '', tab = 'overview' } = useParams<{ name: string; tab?: string }>();
  const status = useStatus(selectStatus);
  const back = (
    <Link href="/servers" className={classes.back ?? ''}>
      <IconArrowLeft size={14} /> Servers
    </Link>
  );
  return (
    <AsyncView
      data={status}
      what={name}
      skeleton={
        <>
          <PageHeader title={name} above={back} />
          <LineSkeleton lines={6} />
        </>
      }
      onRetry={() => location.reload()}
    >
      {({ processes }) => {
        const process = processes.find((one) => one.name === name);
        if (process) return <KnownProcess key={name} process={process} tab={tab} back={back} />;
        return (
          <>
            <PageHeader title={name} above={back} />
            <EmptyState
              title={`There is no process named ${name}`}
              actions={
                <Button component={Link} href="/servers" variant="default">
                  Go to the servers
                </Button>
              }
            >
              It may have been removed from the site file or renamed.
            </EmptyState>
          </>
        );
      }}
    </AsyncView>
  );
}

interface KnownProcessProps {
  readonly process: ProcessStatus;
  readonly tab: string;
  readonly back: React.ReactNode;
}

function KnownProcess({ process, tab, back }: KnownProcessProps) {
  const [, navigate] = useLocation();
  const shown = tabs.some(({ value }) => value === tab) ? tab : 'overview';
  return (
    <>
      <PageHeader
        title={process.name}
        above={back}
        description={[kindWord(process), process.serves.join(', ')].filter(Boolean).join(' · ')}
        badge={
          <>
            <ProcessStateBadge state={process.actual} />
            {process.simulated && <SimulatedBadge />}
          </>
        }
        actions={<ProcessActions process={process} />}
      />
      <Stack gap="md">
        {process.restart_needed && (
          <ErrorNotice
            tone="warn"
            alert={false}
            error={{
              message: 'The configuration was changed and is not in force yet.',
              action: 'It comes into force when this process is restarted.',
            }}
          >
            <ActionButton action={restartProcessAction} subject={process} subjectName={process.name} />
          </ErrorNotice>
        )}
        <Tabs
          value={shown}
          onChange={(value) => navigate(addressOf(process.name, value ?? 'overview'))}
          keepMounted={false}
        >
          <Tabs.List mb="md">
            {tabs.map(({ value, label }) => (
              <Tabs.Tab key={value} value={value}>
                {label}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="overview">
            <ServerOverviewTab process={process} />
          </Tabs.Panel>
          <Tabs.Panel value="log">
            <Suspense fallback={<LineSkeleton lines={8} />}>
              <LogTab process={process} />
            </Suspense>
          </Tabs.Panel>
          <Tabs.Panel value="runs">
            <RunsTab process={process} />
          </Tabs.Panel>
          <Tabs.Panel value="configuration">
            <ConfigurationTab process={process} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </>
  );
}

function addressOf(name: string, tab: string): string {
  return tab === 'overview' ? `/servers/${name}` : `/servers/${name}/${tab}`;
}
