import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { removeServerAction } from '../../actions/remove-server.ts';
import { runAction } from '../../actions/operator-action.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { noticeDone } from '../../stores/notices.ts';
import { refreshSite, selectSite, useSite } from '../../stores/site.ts';
import { valueOf } from '../../stores/loadable.ts';
import { ServerForm } from './server-form.tsx';

/** Edits and removes a server of the site file. */
export function ConfigurationTab({ process }: { readonly process: ProcessStatus }) {
  const site = useSite(selectSite);
  const servers = valueOf(site)?.servers;
  const [, navigate] = useLocation();
  const others = useMemo(() => (servers ?? []).filter(({ name }) => name !== process.name), [servers, process.name]);
  if (process.kind !== 'server') {
    return (
      <Panel>
        <EmptyState
          title={process.kind === 'gateway' ? 'The gateway is set up in Settings' : 'Set up in the site file'}
        >
          {process.kind === 'gateway' ? (
            <>
              Keys and what the request log keeps are in{' '}
              <Anchor component={Link} href="/settings" underline="always">
                Settings
              </Anchor>
              ; its addresses are in the site file.
            </>
          ) : (
            'Processes that are no model servers are described under “processes” in site.yaml. Changes are picked up at once.'
          )}
        </EmptyState>
      </Panel>
    );
  }
  return (
    <AsyncView data={site} what="the configuration" onRetry={() => void refreshSite()}>
      {(document) => {
        const server = document.servers.find(({ name }) => name === process.name);
        if (!server) {
          return (
            <Panel>
              <EmptyState title="Not in the site file">
                This server is no longer in the site file that is in force, so there is nothing to edit.
              </EmptyState>
            </Panel>
          );
        }
        return (
          <Stack gap="lg">
            <ServerForm
              // Another revision may have changed this server; what is typed starts over from there.
              key={JSON.stringify(server)}
              server={server}
              others={others}
              onSaved={({ name }) => {
                noticeDone(`${name} was saved; a running server uses it after a restart`);
                if (name !== process.name) navigate(`/servers/${name}/configuration`);
              }}
            />
            <RemoveServer process={process} />
          </Stack>
        );
      }}
    </AsyncView>
  );
}

function RemoveServer({ process }: { readonly process: ProcessStatus }) {
  const [asking, setAsking] = useState(false);
  const [, navigate] = useLocation();
  const question = removeServerAction.confirm?.(process);
  return (
    <Panel title="Remove this server">
      <Group justify="space-between">
        <Text size="sm" c="dimmed" maw={620}>
          Takes it out of the site file and stops its process. Weights, logs of its runs and recorded requests stay.
        </Text>
        <Button variant="outline" color="danger" leftSection={<IconTrash size={15} />} onClick={() => setAsking(true)}>
          Remove {process.name}
        </Button>
      </Group>
      <ConfirmDialog
        opened={asking}
        title={question?.title ?? ''}
        confirmLabel={`Remove ${process.name}`}
        danger
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          const error = await runAction(removeServerAction, process);
          if (!error) navigate('/servers');
        }}
      >
        {question?.text}
      </ConfirmDialog>
    </Panel>
  );
}
