import { Button, Group, Radio, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';
import type { OutpostError } from '../../../electron/contract/outpost-error.ts';
import type { GatewayLogConfig } from '../../../electron/contract/site-schema.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { noticeDone } from '../../stores/notices.ts';
import { saveLogSettings } from '../../stores/settings.ts';
import { refreshSite, selectSite, useSite } from '../../stores/site.ts';
import { checkLogDraft, draftFromLog } from './log-draft.ts';
import type { LogDraft, LogDraftField } from './log-draft.ts';
import classes from './settings.module.css';

const bodyChoices = [
  {
    value: 'full',
    label: 'Keep what was asked and answered',
    description: 'Full bodies, searchable. Whoever opens this window can read them.',
  },
  {
    value: 'none',
    label: 'Keep no bodies',
    description: 'Rows keep times, models, keys, tokens and errors. Text search and conversations are not possible.',
  },
] as const;

const durabilityChoices = [
  {
    value: 'strict',
    label: 'Strict',
    description:
      'A client sees its request complete only after the row is written. A crash of any program loses none. When the disk is full, new requests are refused.',
  },
  {
    value: 'power-safe',
    label: 'Power-safe',
    description: 'As strict, and each row is on the disk itself first, so that a power cut loses none either. Slower.',
  },
  {
    value: 'relaxed',
    label: 'Relaxed',
    description:
      'Answers do not wait for the record. A crash can lose the last rows, and requests are served even when they cannot be recorded.',
  },
] as const;

/** What the request log keeps, for how long, and how safely. */
export function RequestLogTab() {
  const site = useSite(selectSite);
  return (
    <AsyncView data={site} what="the settings of the request log" onRetry={() => void refreshSite()}>
      {({ log, file }) => <LogForm key={file.revision} log={log} />}
    </AsyncView>
  );
}

function LogForm({ log }: { readonly log: GatewayLogConfig }) {
  const live = useConnection(selectIsLive);
  const saved = draftFromLog(log);
  const [draft, setDraft] = useState<LogDraft>(saved);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<OutpostError | null>(null);
  const { log: checked, problems } = checkLogDraft(draft);
  const changed = JSON.stringify(draft) !== JSON.stringify(saved);
  const set = (change: Partial<LogDraft>) => setDraft({ ...draft, ...change });

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!checked || !changed || !live) return;
    setBusy(true);
    const result = await saveLogSettings(checked);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) noticeDone('The settings of the request log are saved and in force');
  }

  const number = (field: LogDraftField, label: string, description: string, unit: string) => (
    <TextInput
      label={label}
      description={description}
      inputMode="decimal"
      rightSection={<span className={classes.unit}>{unit}</span>}
      rightSectionWidth={52}
      value={draft[field]}
      error={problems[field]}
      onChange={({ currentTarget }) => set({ [field]: currentTarget.value })}
    />
  );

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="md">
        <Panel title="What is recorded">
          <Stack gap="lg">
            <Radio.Group
              label="Bodies"
              value={draft.bodies}
              onChange={(value) => set({ bodies: value === 'none' ? 'none' : 'full' })}
            >
              <Stack gap="sm" mt="xs">
                {bodyChoices.map((choice) => (
                  <Radio key={choice.value} {...choice} />
                ))}
              </Stack>
            </Radio.Group>
            <Radio.Group
              label="Durability"
              value={draft.durability}
              onChange={(value) => {
                const choice = durabilityChoices.find((one) => one.value === value);
                if (choice) set({ durability: choice.value });
              }}
            >
              <Stack gap="sm" mt="xs">
                {durabilityChoices.map((choice) => (
                  <Radio key={choice.value} {...choice} />
                ))}
              </Stack>
            </Radio.Group>
          </Stack>
        </Panel>
        <Panel title="Retention">
          <div className={classes.numbers}>
            {number('days', 'Rows', 'Older requests leave the log', 'days')}
            {number('bodiesDays', 'Bodies', 'Older bodies leave, their rows stay', 'days')}
            {number('gib', 'Size on disk', 'The oldest leave when it is reached', 'GiB')}
          </div>
        </Panel>
        {error && <ErrorNotice error={error} tone={error.code === 'SAVED_NOT_IN_FORCE' ? 'warn' : 'bad'} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" disabled={!changed} onClick={() => setDraft(saved)}>
            Discard changes
          </Button>
          <Button type="submit" loading={busy} disabled={!changed || !checked || !live}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
