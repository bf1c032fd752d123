import { Button, PasswordInput, Stack, Table, TextInput, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { SecretInfo } from '../../../electron/contract/control-api.ts';
import type { OutpostError } from '../../../electron/contract/outpost-error.ts';
import { removeSecretAction } from '../../actions/remove-secret.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { AsyncView } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { useWhileLive } from '../../stores/follow-service.ts';
import { noticeDone } from '../../stores/notices.ts';
import { followSecrets, refreshSecrets, selectSecrets, setSecret, useSecrets } from '../../stores/secrets.ts';
import { secretNameProblem } from './name-problem.ts';
import classes from './settings.module.css';

/** Values that the site file refers to by name. */
export function SecretsTab() {
  useWhileLive(followSecrets);
  const secrets = useSecrets(selectSecrets);
  const [name, setName] = useState('');
  return (
    <Stack gap="md">
      <Panel title="Set a secret">
        <SetSecretForm name={name} onName={setName} />
      </Panel>
      <Panel title="Secrets" flush>
        <AsyncView
          data={secrets}
          what="secrets"
          inset
          isEmpty={(list) => list.length === 0}
          empty={
            <EmptyState title="No secret is set">
              Tokens and passwords do not belong into the site file. Set one here under a name and write{' '}
              <code>{'{ secret: NAME }'}</code> where its value is needed.
            </EmptyState>
          }
          onRetry={() => void refreshSecrets()}
        >
          {(list) => <SecretTable secrets={list} onReplace={setName} />}
        </AsyncView>
      </Panel>
    </Stack>
  );
}

function SetSecretForm({ name, onName }: { readonly name: string; readonly onName: (name: string) => void }) {
  const live = useConnection(selectIsLive);
  const [value, setValue] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<OutpostError | null>(null);
  const trimmed = name.trim();
  const problem = trimmed === '' ? null : secretNameProblem(trimmed);
  const ready = trimmed !== '' && problem === null && value !== '' && live;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    const result = await setSecret(trimmed, value);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    setValue('');
    onName('');
    noticeDone(`The secret ${trimmed} is set; processes get it at their next start`);
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <div className={classes.inline}>
        <TextInput
          label="Name"
          description="A name that exists gets a new value"
          placeholder="hub"
          value={name}
          onChange={({ currentTarget }) => onName(currentTarget.value)}
          error={problem}
        />
        <PasswordInput
          label="Value"
          description="Never shown again, readable by this user only"
          autoComplete="new-password"
          value={value}
          onChange={({ currentTarget }) => setValue(currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the value' }}
        />
        <Button type="submit" loading={busy} disabled={!ready}>
          Set secret
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

interface SecretTableProps {
  readonly secrets: readonly SecretInfo[];
  readonly onReplace: (name: string) => void;
}

function SecretTable({ secrets, onReplace }: SecretTableProps) {
  return (
    <div className={classes.scroll} tabIndex={0} role="region" aria-label="Secrets">
      <Table className={classes.table ?? ''} verticalSpacing={8} horizontalSpacing={16}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Used at</Table.Th>
            <Table.Th>Set</Table.Th>
            <Table.Th>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {secrets.map((secret) => (
            <Table.Tr key={secret.name} data-secret={secret.name}>
              <Table.Td className={classes.name ?? ''}>{secret.name}</Table.Td>
              <Table.Td>
                {secret.usedBy.length === 0
                  ? 'Not used in the site file'
                  : secret.usedBy.map((place) => (
                      <code key={place} className={classes.place}>
                        {place}
                      </code>
                    ))}
              </Table.Td>
              <Table.Td>
                <RelativeTime time={secret.setAtMs} />
              </Table.Td>
              <Table.Td>
                <div className={classes.actions}>
                  <Button size="xs" variant="default" onClick={() => onReplace(secret.name)}>
                    Replace…
                  </Button>
                  <ActionButton action={removeSecretAction} subject={secret} subjectName={secret.name} />
                </div>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
