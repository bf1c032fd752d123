import { ActionIcon, Button, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ArgumentRow, DraftErrors, EnvironmentRow } from './server-draft.ts';
import classes from './servers.module.css';

export interface ArgumentRowsProps {
  readonly rows: readonly ArgumentRow[];
  readonly errors: DraftErrors;
  readonly onChange: (rows: readonly ArgumentRow[]) => void;
}

/** Engine flags as rows of name and value. */
export function ArgumentRows({ rows, errors, onChange }: ArgumentRowsProps) {
  return (
    <fieldset className={classes.rowsField}>
      <legend>Arguments</legend>
      <p className={classes.rowsHint}>
        Engine flags without “--”, such as max-model-len 32768. “true” is a flag without a value.
      </p>
      {rows.map((row, index) => (
        <div key={row.id} className={classes.pairRow}>
          <TextInput
            aria-label={`Name of argument ${index + 1}`}
            placeholder="max-model-len"
            value={row.name}
            error={errors[`args.${index}`]}
            onChange={(event) => onChange(replace(rows, index, { ...row, name: event.currentTarget.value }))}
          />
          <TextInput
            className={classes.grow ?? ''}
            aria-label={`Value of argument ${index + 1}`}
            placeholder="32768"
            value={row.value}
            onChange={(event) => onChange(replace(rows, index, { ...row, value: event.currentTarget.value }))}
          />
          <RemoveRow
            label={`Remove argument ${row.name || index + 1}`}
            onRemove={() => onChange(without(rows, index))}
          />
        </div>
      ))}
      <AddRow label="Add argument" onAdd={() => onChange([...rows, { id: nextId(rows), name: '', value: '' }])} />
    </fieldset>
  );
}

export interface EnvironmentRowsProps {
  readonly rows: readonly EnvironmentRow[];
  readonly errors: DraftErrors;
  readonly onChange: (rows: readonly EnvironmentRow[]) => void;
}

/** Environment variables, each with a value or the name of a secret. */
export function EnvironmentRows({ rows, errors, onChange }: EnvironmentRowsProps) {
  return (
    <fieldset className={classes.rowsField}>
      <legend>Environment</legend>
      <p className={classes.rowsHint}>
        Values are written into the site file in plain text. Passwords and tokens go into a secret, set in Settings or
        with “outpost secrets set”.
      </p>
      {rows.map((row, index) => (
        <div key={row.id} className={classes.pairRow}>
          <TextInput
            aria-label={`Name of variable ${index + 1}`}
            placeholder="VLLM_LOGGING_LEVEL"
            value={row.name}
            error={errors[`env.${index}`]}
            onChange={(event) => onChange(replace(rows, index, { ...row, name: event.currentTarget.value }))}
          />
          <Select
            w={110}
            aria-label={`Kind of variable ${index + 1}`}
            data={[
              { value: 'value', label: 'Value' },
              { value: 'secret', label: 'Secret' },
            ]}
            value={row.secret ? 'secret' : 'value'}
            allowDeselect={false}
            onChange={(value) => onChange(replace(rows, index, { ...row, secret: value === 'secret' }))}
          />
          <TextInput
            className={classes.grow ?? ''}
            aria-label={row.secret ? `Secret of variable ${index + 1}` : `Value of variable ${index + 1}`}
            placeholder={row.secret ? 'name of the secret' : 'value'}
            value={row.value}
            onChange={(event) => onChange(replace(rows, index, { ...row, value: event.currentTarget.value }))}
          />
          <RemoveRow
            label={`Remove variable ${row.name || index + 1}`}
            onRemove={() => onChange(without(rows, index))}
          />
        </div>
      ))}
      <AddRow
        label="Add variable"
        onAdd={() => onChange([...rows, { id: nextId(rows), name: '', value: '', secret: false }])}
      />
    </fieldset>
  );
}

function RemoveRow({ label, onRemove }: { readonly label: string; readonly onRemove: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" c="var(--op-muted)" size="lg" aria-label={label} onClick={onRemove}>
      <IconTrash size={16} />
    </ActionIcon>
  );
}

function AddRow({ label, onAdd }: { readonly label: string; readonly onAdd: () => void }) {
  return (
    <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={onAdd}>
      {label}
    </Button>
  );
}

function replace<T>(rows: readonly T[], index: number, row: T): readonly T[] {
  return rows.with(index, row);
}

function without<T>(rows: readonly T[], index: number): readonly T[] {
  return rows.toSpliced(index, 1);
}

function nextId(rows: readonly ArgumentRow[]): number {
  return Math.max(-1, ...rows.map(({ id }) => id)) + 1;
}
