import { Button, Collapse, Group, Radio, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FocusEvent, FormEvent } from 'react';
import type { OutpostError } from '../../../electron/contract/outpost-error.ts';
import type { EngineName, ServerConfig } from '../../../electron/contract/site-schema.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { valueOf } from '../../stores/loadable.ts';
import { refreshCandidates, saveServer, selectCandidates, useServers } from '../../stores/servers.ts';
import { CommandPreviewPanel } from './command-preview-panel.tsx';
import { ArgumentRows, EnvironmentRows } from './pair-rows.tsx';
import { PathInput } from './path-input.tsx';
import { checkDraft, draftOf, emptyDraft } from './server-draft.ts';
import type { DraftErrors, DraftField, ServerDraft } from './server-draft.ts';
import classes from './servers.module.css';

export interface ServerFormProps {
  /** The server to edit, or null to add one. */
  readonly server: ServerConfig | null;
  /** The other servers of the site, for names and ports that are taken. */
  readonly others: readonly ServerConfig[];
  readonly onSaved: (server: ServerConfig) => void;
  readonly onCancel?: () => void;
}

const engines: readonly { readonly value: EngineName; readonly label: string; readonly description: string }[] = [
  { value: 'vllm', label: 'vLLM', description: 'Serves weights on this machine with vLLM' },
  { value: 'simulated', label: 'Simulated', description: 'Made-up answers, no GPU; to try things out' },
  { value: 'command', label: 'Command', description: 'Any program that speaks the OpenAI protocol' },
];

/** Describes a model server, checked while it is typed, with the exact command it will run. */
export function ServerForm({ server, others, onSaved, onCancel }: ServerFormProps) {
  const original = useMemo(() => (server ? draftOf(server) : emptyDraft), [server]);
  const [draft, setDraft] = useState<ServerDraft>(original);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [showAll, setShowAll] = useState(false);
  const [advanced, setAdvanced] = useState(hasAdvanced(original));
  const [saving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<OutpostError | null>(null);
  const formRef = useRef<HTMLFormElement>(null);
  const live = useConnection(selectIsLive);
  const candidates = valueOf(useServers(selectCandidates));
  useEffect(() => void refreshCandidates(), []);

  const checked = useMemo(() => checkDraft(draft, others), [draft, others]);
  const errors: DraftErrors = checked.valid ? {} : checked.errors;
  const changed = JSON.stringify(draft) !== JSON.stringify(original);

  const set = (change: Partial<ServerDraft>) => setDraft((now) => ({ ...now, ...change }));
  const touch = (field: string) => setTouched((now) => new Set(now).add(field));
  // A message that appears while a button is being pressed would move the button away from under the pointer.
  const leave = (field: string) => (event: FocusEvent) => {
    if (!(event.relatedTarget instanceof HTMLButtonElement)) touch(field);
  };
  const errorOf = (field: string) => (showAll || touched.has(field) ? (errors[field] ?? null) : null);
  const textField = (field: DraftField) => ({
    value: draft[field],
    error: errorOf(field),
    onChange: (event: { readonly currentTarget: { readonly value: string } }) =>
      set({ [field]: event.currentTarget.value }),
    onBlur: leave(field),
  });
  const pathField = (field: DraftField) => ({
    value: draft[field],
    error: errorOf(field),
    onChange: (value: string) => set({ [field]: value }),
    onBlur: leave(field),
  });

  async function submit(event: FormEvent) {
    event.preventDefault();
    setShowAll(true);
    if (!checked.valid) {
      if (Object.keys(checked.errors).some((field) => advancedFields.includes(field))) setAdvanced(true);
      // After the messages are on the page.
      requestAnimationFrame(() => formRef.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
      return;
    }
    setSaving(true);
    setRefusal(null);
    const result = await saveServer(checked.server, server?.name ?? null);
    setSaving(false);
    if (result.ok) onSaved(checked.server);
    else setRefusal(result.error);
  }

  const isVllm = draft.engine === 'vllm';
  const isCommand = draft.engine === 'command';
  return (
    <form ref={formRef} onSubmit={(event) => void submit(event)} noValidate>
      <div className={classes.formColumns}>
        <Panel>
          <Stack gap="lg">
            <Radio.Group label="Engine" value={draft.engine} onChange={(value) => set({ engine: value as EngineName })}>
              <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs" mt={6}>
                {engines.map((engine) => (
                  <Radio.Card key={engine.value} value={engine.value} p="sm" radius="md">
                    <Group wrap="nowrap" align="flex-start" gap="sm">
                      <Radio.Indicator size="xs" mt={2} />
                      <div>
                        <div style={{ fontWeight: 600, fontSize: 13 }}>{engine.label}</div>
                        <div style={{ color: 'var(--op-muted)', fontSize: 12.5, lineHeight: 1.4 }}>
                          {engine.description}
                        </div>
                      </div>
                    </Group>
                  </Radio.Card>
                ))}
              </SimpleGrid>
            </Radio.Group>
            <div className={classes.fields}>
              <TextInput
                label="Name"
                description="Of this server, in Outpost"
                placeholder="mistral-small"
                required
                spellCheck={false}
                {...textField('name')}
              />
              <TextInput
                label="Served model names"
                description="What clients ask for, comma-separated"
                placeholder="mistral-small"
                required
                spellCheck={false}
                {...textField('serves')}
              />
              {isVllm && (
                <div className={classes.wide}>
                  <PathInput
                    label="Weights folder"
                    description="Holds config.json and the safetensors files"
                    placeholder="/srv/models/Mistral-Small-3.2-24B"
                    kind="folder"
                    required
                    {...pathField('weights')}
                  />
                </div>
              )}
              {!isVllm && !isCommand ? null : (
                <div className={classes.wide}>
                  <PathInput
                    label={isVllm ? 'vLLM command' : 'Command'}
                    description={
                      isVllm
                        ? 'Path of the vllm program; empty takes “vllm” from the PATH'
                        : 'Path of the program; its port comes as the variable PORT'
                    }
                    placeholder={isVllm ? '/opt/vllm/bin/vllm' : '/opt/x/serve'}
                    kind="file"
                    required={isCommand}
                    suggestions={(candidates ?? [])
                      .filter((candidate) => candidate.engine === draft.engine)
                      .map((candidate) => candidate.command)}
                    {...pathField('command')}
                  />
                </div>
              )}
              {isCommand && (
                <Textarea
                  className={classes.wide ?? ''}
                  label="Arguments of the command"
                  description="One per line, passed as they are"
                  placeholder={'--fast\n--threads\n8'}
                  autosize
                  minRows={2}
                  spellCheck={false}
                  {...textField('commandArgs')}
                />
              )}
              {draft.engine !== 'simulated' && (
                <TextInput
                  label="GPUs"
                  description="As nvidia-smi counts them; empty: all"
                  placeholder="0, 1"
                  {...textField('gpus')}
                />
              )}
              <TextInput
                label="Port"
                description="Empty: a free one, picked once and kept"
                placeholder="Automatic"
                inputMode="numeric"
                {...textField('port')}
              />
              {isCommand && (
                <TextInput
                  label="Readiness path"
                  description="Answers 200 when ready; empty: an open port"
                  placeholder="/health"
                  {...textField('ready')}
                />
              )}
            </div>
            {!isCommand && (
              <ArgumentRows
                rows={draft.args}
                errors={showAll || touched.has('args') ? errors : {}}
                onChange={(args) => {
                  set({ args });
                  touch('args');
                }}
              />
            )}
            <EnvironmentRows
              rows={draft.env}
              errors={showAll || touched.has('env') ? errors : {}}
              onChange={(env) => {
                set({ env });
                touch('env');
              }}
            />
            <div>
              <Button
                size="compact-sm"
                variant="subtle"
                aria-expanded={advanced}
                leftSection={advanced ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
                onClick={() => setAdvanced(!advanced)}
              >
                Advanced
              </Button>
              <Collapse expanded={advanced}>
                <div className={classes.fields} style={{ marginTop: 12 }}>
                  <Select
                    label="Start"
                    description="When the service starts"
                    data={[
                      { value: 'always', label: 'With the site' },
                      { value: 'manual', label: 'By hand' },
                    ]}
                    value={draft.start}
                    allowDeselect={false}
                    onChange={(value) => set({ start: value === 'manual' ? 'manual' : 'always' })}
                  />
                  <TextInput
                    label="Time to become ready"
                    description="After that a start counts as failed"
                    placeholder="30m"
                    {...textField('readyTimeout')}
                  />
                  <TextInput
                    label="Fallback model"
                    description="Tried when no server of this model answers"
                    placeholder="None"
                    {...textField('fallback')}
                  />
                  {draft.engine !== 'simulated' && (
                    <TextInput
                      label="Working folder"
                      description="Empty: that of the service"
                      spellCheck={false}
                      {...textField('cwd')}
                    />
                  )}
                  {isVllm && (
                    <Textarea
                      className={classes.wide ?? ''}
                      label="Arguments before those of Outpost"
                      description="One per line, for a command that starts vLLM in turn"
                      autosize
                      minRows={2}
                      spellCheck={false}
                      {...textField('commandArgs')}
                    />
                  )}
                </div>
              </Collapse>
            </div>
            {refusal && <ErrorNotice error={refusal} />}
            <Group justify="flex-end" gap="xs">
              {onCancel && (
                <Button variant="default" onClick={onCancel}>
                  Cancel
                </Button>
              )}
              <Button type="submit" loading={saving} disabled={!live || (server !== null && !changed)}>
                {server ? 'Save changes' : 'Add server'}
              </Button>
            </Group>
          </Stack>
        </Panel>
        <div className={classes.preview}>
          <CommandPreviewPanel checked={checked} />
        </div>
      </div>
    </form>
  );
}

const advancedFields: readonly string[] = ['start', 'readyTimeout', 'fallback', 'cwd'];

function hasAdvanced(draft: ServerDraft): boolean {
  return (
    draft.start !== 'always' ||
    draft.readyTimeout !== '' ||
    draft.fallback !== '' ||
    draft.cwd !== '' ||
    (draft.engine === 'vllm' && draft.commandArgs !== '')
  );
}
