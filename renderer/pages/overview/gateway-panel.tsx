import { Stack, Text } from '@mantine/core';
import { CopyButton } from '../../components/copy-button.tsx';
import { Panel } from '../../components/panel.tsx';
import classes from './overview.module.css';

/** Where clients send requests. */
export function GatewayPanel({ addresses }: { readonly addresses: readonly string[] }) {
  return (
    <Panel title="Gateway">
      <Stack gap="xs">
        {addresses.map((address) => (
          <div key={address} className={classes.address}>
            <span>{`${address}/v1`}</span>
            <CopyButton text={`${address}/v1`} what="gateway address" />
          </div>
        ))}
        <Text size="sm" c="dimmed">
          {addresses.length === 0
            ? 'The gateway has no address yet; it gets one when it starts.'
            : 'Base URL for any OpenAI client, with a gateway key as API key.'}
        </Text>
      </Stack>
    </Panel>
  );
}
