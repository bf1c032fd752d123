import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { FormEvent } from 'react';

const LONGEST_NAME = 100;

/** Names the site; its first server is described on the next page. */
export function EmptySiteForm({
  busy,
  onSubmit,
}: {
  readonly busy: boolean;
  readonly onSubmit: (name: string) => void;
}) {
  const [name, setName] = useState('');
  const [touched, setTouched] = useState(false);
  const missing = name.trim() === '';

  function submit(event: FormEvent) {
    event.preventDefault();
    setTouched(true);
    if (!missing) onSubmit(name.trim());
  }

  return (
    <form onSubmit={submit} style={{ height: '100%' }} noValidate>
      <Stack h="100%">
        <Text size="sm">
          Point Outpost at a folder of model weights and at the vLLM on this machine. You see the exact command before
          anything is started.
        </Text>
        <TextInput
          label="Name of this site"
          description="Shown in the window and in exports"
          placeholder="Lab 4"
          required
          maxLength={LONGEST_NAME}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={touched && missing ? 'Give the site a name, such as Lab 4.' : null}
        />
        <Group mt="auto">
          <Button type="submit" variant="default" loading={busy}>
            Continue
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
