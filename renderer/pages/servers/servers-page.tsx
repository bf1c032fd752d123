import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link } from 'wouter';
import { AsyncView, LineSkeleton } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { selectStatus, useStatus } from '../../stores/status.ts';
import { ProcessTable } from './process-table.tsx';

/** Everything that Outpost supervises: the gateway, model servers and other processes. */
export function ServersPage() {
  const status = useStatus(selectStatus);
  const addButton = (
    <Button component={Link} href="/add-server" leftSection={<IconPlus size={15} />}>
      Add server
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Servers"
        description="What Outpost starts, watches and restarts on this machine"
        actions={addButton}
      />
      <AsyncView
        data={status}
        what="servers"
        skeleton={<LineSkeleton lines={5} height={44} />}
        onRetry={() => location.reload()}
      >
        {({ processes }) => (
          <Panel flush>
            <ProcessTable processes={processes} />
            {!processes.some((process) => process.kind === 'server') && (
              <EmptyState title="No model server yet" actions={addButton}>
                Add one to have a model answer requests: vLLM with weights on this machine, a simulated engine to try
                things out, or any program that speaks the OpenAI protocol.
              </EmptyState>
            )}
          </Panel>
        )}
      </AsyncView>
    </>
  );
}
