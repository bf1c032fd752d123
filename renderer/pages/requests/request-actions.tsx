import { Button, Group } from '@mantine/core';
import { IconMessage2Code, IconRepeat } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useLocation } from 'wouter';
import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { buildReplay } from '../../stores/build-replay.ts';
import { draftFromRequest } from '../../stores/playground-draft.ts';
import { takeDraft } from '../../stores/playground.ts';
import { prepareReplay } from '../../stores/request-replay.ts';
import { selectGatewayUrl, useStatus } from '../../stores/status.ts';
import { buildCurl } from './build-curl.ts';
import { buildPython } from './build-python.ts';
import classes from './requests.module.css';

/** What can be done with a request that was recorded. */
export function RequestActions({ request }: { readonly request: RequestDetail }) {
  const gatewayUrl = useStatus(selectGatewayUrl);
  const [, navigate] = useLocation();
  // A body may have megabytes, and the page is drawn again with every new row.
  const { curl, python, draft, canReplay } = useMemo(
    () => ({
      curl: gatewayUrl === null ? null : buildCurl(request, gatewayUrl),
      python: gatewayUrl === null ? null : buildPython(request, gatewayUrl),
      draft: draftFromRequest(request),
      canReplay: buildReplay(request, null) !== null,
    }),
    [request, gatewayUrl],
  );
  return (
    <Group gap="xs">
      {canReplay && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRepeat size={15} />}
          onClick={() => prepareReplay(request)}
        >
          Replay…
        </Button>
      )}
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
      {curl !== null && <CopyButton text={curl} what="the request as a curl command" label="Copy as curl" />}
      {python !== null && <CopyButton text={python} what="the request as a Python program" label="Copy as Python" />}
      <CopyButton text={() => JSON.stringify(request, null, 2)} what="the row as JSON" label="Copy as JSON" />
      {curl === null && !draft && (
        <span className={classes.hint}>It cannot be sent again: its body is not kept as text.</span>
      )}
    </Group>
  );
}
