import { Autocomplete, Button, Group } from '@mantine/core';
import type { FocusEvent } from 'react';
import { desktopBridge } from '../../app/desktop.ts';

export interface PathInputProps {
  readonly label: string;
  readonly description: string;
  readonly placeholder: string;
  readonly kind: 'folder' | 'file';
  readonly value: string;
  readonly error: string | null;
  readonly required?: boolean;
  /** Paths that are known to fit. */
  readonly suggestions?: readonly string[];
  readonly onChange: (value: string) => void;
  readonly onBlur: (event: FocusEvent) => void;
}

/** A path on the machine of the service; the desktop window can also choose it in a dialog. */
export function PathInput(props: PathInputProps) {
  const { label, kind, value, error, onChange, onBlur } = props;
  const bridge = desktopBridge();
  async function choose() {
    if (!bridge) return;
    const title = `Choose: ${label}`;
    const chosen = kind === 'folder' ? await bridge.chooseFolder(title) : await bridge.chooseFile(title);
    if (chosen !== null) onChange(chosen);
  }
  return (
    <Group gap={8} align="flex-end" wrap="nowrap" style={error ? { alignItems: 'center' } : undefined}>
      <Autocomplete
        style={{ flex: 1 }}
        label={label}
        description={props.description}
        placeholder={props.placeholder}
        required={props.required ?? false}
        data={[...(props.suggestions ?? [])]}
        value={value}
        error={error}
        spellCheck={false}
        onChange={onChange}
        onBlur={onBlur}
      />
      {bridge && (
        <Button variant="default" onClick={() => void choose()} aria-label={`Choose ${label.toLowerCase()}`}>
          Choose…
        </Button>
      )}
    </Group>
  );
}
