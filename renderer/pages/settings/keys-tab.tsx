import { Button, Group, Stack, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { KeyInfo } from '../../../electron/contract/control-api.ts';
import type { OutpostError } from '../../../electron/contract/outpost-error.ts';
import { revokeKeyAction } from '../../actions/revoke-key.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { AsyncView } from '../../components/async-view.tsx';
import { CodeBlock } from '../../components/code-block.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { useWhileLive } from '../../stores/follow-service.ts';
import {
  addKey,
  followKeys,
  forgetFreshKey,
  refreshKeys,
  selectFreshKey,
  selectKeys,
  useKeys,
} from '../../stores/keys.ts';
import { valueOf } from '../../stores/loadable.ts';
import { keyNameProblem } from './name-problem.ts';
import classes from './settings.module.css';

/** Who may use the gateway. */
export function KeysTab() {
  useWhileLive(followKeys);
  const keys = useKeys(selectKeys);
  const fresh = useKeys(selectFreshKey);
  return (
    <Stack gap="md">
      {fresh && <FreshKey name={fresh.name} secret={fresh.key} />}
      <Panel title="Add a key">
        <AddKeyForm taken={(valueOf(keys) ?? []).map(({ name }) => name)} />
      </Panel>
      <Panel title="Gateway keys" flush>
        <AsyncView
          data={keys}
          what="keys"
          inset
          isEmpty={(list) => list.length === 0}
          empty={
            <EmptyState title="No key yet">
              Clients such as GitLab need a key to use the gateway. Add one for each client, so that the request log
              tells them apart and one can be revoked alone.
            </EmptyState>
          }
          onRetry={() => void refreshKeys()}
        >
          {(list) => <KeyTable keys={list} />}
        </AsyncView>
      </Panel>
    </Stack>
  );
}

function FreshKey({ name, secret }: { readonly name: string; readonly secret: string }) {
  return (
    <Panel title={`The key of ${name}`}>
      <Stack gap="sm">
        <ErrorNotice
          tone="warn"
          error={{
            message: 'Copy this key now: it is shown only once.',
            action: 'Outpost keeps only a fingerprint of it. If it is lost, revoke it and add another one.',
          }}
        />
        <CodeBlock code={secret} what={`key of ${name}`} />
        <Group justify="flex-end">
          <Button variant="default" size="xs" onClick={forgetFreshKey}>
            I have copied it
          </Button>
        </Group>
      </Stack>
    </Panel>
  );
}

function AddKeyForm({ taken }: { readonly taken: readonly string[] }) {
  const live = useConnection(selectIsLive);
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<OutpostError | null>(null);
  const trimmed = name.trim();
  const problem = trimmed === '' ? null : keyNameProblem(trimmed, taken);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (trimmed === '' || problem !== null || !live) return;
    setBusy(true);
    const result = await addKey(trimmed);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) setName('');
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className={classes.inline}>
        <TextInput
          label="Name"
          description="Who will use it; the request log shows this name"
          placeholder="gitlab"
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          error={problem}
        />
        <Button
          type="submit"
          leftSection={<IconPlus size={15} />}
          loading={busy}
          disabled={trimmed === '' || problem !== null || !live}
        >
          Add key
        </Button>
      </div>
      {error && (
        <div className={classes.below}>
          <ErrorNotice error={error} />
        </div>
      )}
    </form>
  );
}

function KeyTable({ keys }: { readonly keys: readonly KeyInfo[] }) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Gateway keys">
      <Table className={classes.table ?? ''} verticalSpacing={8} horizontalSpacing={16}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th>Revoked</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.name} data-key={key.name}>
              <Table.Td className={classes.name ?? ''}>{key.name}</Table.Td>
              <Table.Td>
                {key.revokedAtMs === null ? (
                  <StateBadge tone="ok" label="Valid" />
                ) : (
                  <StateBadge tone="idle" label="Revoked" />
                )}
              </Table.Td>
              <Table.Td>
                <RelativeTime time={key.createdAtMs} />
              </Table.Td>
              <Table.Td>
                <RelativeTime time={key.revokedAtMs} />
              </Table.Td>
              <Table.Td ta="right">
                {key.revokedAtMs === null && (
                  <ActionButton action={revokeKeyAction} subject={key} subjectName={key.name} />
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
