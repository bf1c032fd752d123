import { Button, Group } from '@mantine/core';
import { IconMessage2Code } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { draftFromRequest } from '../../stores/playground-draft.ts';
import { takeDraft } from '../../stores/playground.ts';
import { selectGatewayUrl, useStatus } from '../../stores/status.ts';
import { buildCurl } from './build-curl.ts';
import classes from './requests.module.css';

/** What can be done with a request that was recorded. */
export function RequestActions({ request }: { readonly request: RequestDetail }) {
  const gatewayUrl = useStatus(selectGatewayUrl);
  const [, navigate] = useLocation();
  const curl = gatewayUrl === null ? null : buildCurl(request, gatewayUrl);
  const draft = draftFromRequest(request);
  return (
    <Group gap="xs">
      {curl !== null && <CopyButton text={curl} what="the request as a curl command" label="Copy as curl" />}
      {draft && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconMessage2Code size={15} />}
          onClick={() => {
            takeDraft(draft);
            navigate('/playground');
          }}
        >
          Open in Playground
        </Button>
      )}
      {curl === null && !draft && (
        <span className={classes.hint}>It cannot be sent again: its body is not kept as text.</span>
      )}
    </Group>
  );
}
