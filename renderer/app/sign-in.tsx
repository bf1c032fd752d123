import { Button, Container, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { Panel } from '../components/panel.tsx';
import { signIn, useConnection } from '../stores/connection.ts';

/** Asks for the token in an ordinary browser that was opened without one. */
export function SignIn() {
  const refused = useConnection((store) => store.tokenRefused);
  const [token, setToken] = useState('');
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Outpost';
  }, []);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    await signIn(token);
    setBusy(false);
  }

  return (
    <Container size={440} pt="16vh" component="main">
      <Panel>
        <form onSubmit={(event) => void submit(event)}>
          <Stack>
            <Title order={1}>Sign in to Outpost</Title>
            <Text size="sm" c="dimmed">
              This page controls the machine it runs on, so it asks for the token of its service. “outpost serve” prints
              it when it starts, and it is in the file “token” of the data directory.
            </Text>
            <PasswordInput
              label="Token"
              required
              autoFocus
              autoComplete="current-password"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              error={refused ? 'The service does not know this token. Copy it again, without spaces or quotes.' : null}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the token' }}
            />
            <Button type="submit" loading={busy} disabled={token.trim() === ''}>
              Sign in
            </Button>
          </Stack>
        </form>
      </Panel>
    </Container>
  );
}
