import { Stack, Text } from '@mantine/core';
import { Fragment, useEffect, useState } from 'react';
import type { CommandPreview } from '../../../electron/contract/control-api.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { afterRead, loading } from '../../stores/loadable.ts';
import type { Loadable } from '../../stores/loadable.ts';
import { previewCommand } from '../../stores/servers.ts';
import type { CheckedDraft } from './server-draft.ts';
import classes from './servers.module.css';

/** How long the typing rests before the command is worked out. */
const REST_MS = 300;

/** The exact command that the form describes, as the service would run it. */
export function CommandPreviewPanel({ checked }: { readonly checked: CheckedDraft }) {
  const [preview, setPreview] = useState<Loadable<CommandPreview>>(loading);
  const server = checked.valid ? checked.server : null;
  useEffect(() => {
    if (!server) return;
    let outdated = false;
    const timer = setTimeout(() => {
      void previewCommand(server).then((result) => {
        if (!outdated)
          setPreview((now) => (result.ok ? afterRead(now, result) : { state: 'failed', error: result.error }));
      });
    }, REST_MS);
    return () => {
      outdated = true;
      clearTimeout(timer);
    };
  }, [server]);

  return (
    <Panel title="What will be run">
      {!server ? (
        <Text size="sm" c="dimmed">
          The exact command appears here when the required fields are filled in correctly.
        </Text>
      ) : (
        <PreviewBody preview={preview} />
      )}
    </Panel>
  );
}

function PreviewBody({ preview }: { readonly preview: Loadable<CommandPreview> }) {
  switch (preview.state) {
    case 'loading':
      return (
        <Text size="sm" c="dimmed" role="status">
          Working out the command…
        </Text>
      );
    case 'failed':
      return <ErrorNotice error={preview.error} />;
    case 'loaded': {
      const { shellLine, env, warnings } = preview.value;
      const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      return (
        <Stack gap="sm">
          <CodeBlock code={shellLine} what="command">
            {wholeWords(shellLine)}
          </CodeBlock>
          {variables.length > 0 && (
            <>
              <Text size="sm" fw={500}>
                Variables that Outpost sets
              </Text>
              <CodeBlock code={variables.join('\n')} what="variables" maxHeight={220} />
            </>
          )}
          {warnings.map((warning) => (
            <ErrorNotice key={warning} tone="warn" alert={false} error={{ message: warning }} />
          ))}
        </Stack>
      );
    }
  }
}

/** Breaks the line between arguments only: a browser would also break after the hyphens of a flag. */
function wholeWords(shellLine: string) {
  return shellLine.split(' ').map((word, index) => (
    <Fragment key={index}>
      {index === 0 ? '' : ' '}
      <span className={classes.word}>{word}</span>
    </Fragment>
  ));
}
