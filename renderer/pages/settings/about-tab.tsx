import { Button, Stack, Text } from '@mantine/core';
import { IconFolderOpen, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { runAction } from '../../actions/operator-action.ts';
import { stopEverythingAction } from '../../actions/stop-everything.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { CopyButton } from '../../components/copy-button.tsx';
import { KeyValue } from '../../components/key-value.tsx';
import { Panel } from '../../components/panel.tsx';
import { desktopBridge } from '../../app/desktop.ts';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { selectStatus, useStatus } from '../../stores/status.ts';
import { folderOf } from './folder-of.ts';
import classes from './settings.module.css';

/** Which Outpost this is, where its data are, and the way to end all of it. */
export function AboutTab({ stopAsked }: { readonly stopAsked: boolean }) {
  const status = useStatus(selectStatus);
  const [, navigate] = useLocation();
  const live = useConnection(selectIsLive);
  const [asking, setAsking] = useState(stopAsked);
  return (
    <AsyncView data={status} what="the state of the service" onRetry={() => location.reload()}>
      {({ service, site, gateway, processes, site_file: file }) => {
        const running = processes.filter(({ pid }) => pid !== null).length;
        const question = stopEverythingAction.confirm?.({ running });
        const folder = folderOf(file.path);
        return (
          <Stack gap="md">
            <Panel title="Outpost">
              <KeyValue
                rows={[
                  ['Version', service.version],
                  ['Site', site],
                  ['Service process', service.pid],
                  [
                    'Gateway',
                    gateway.length === 0 ? null : (
                      <span className={classes.folder}>
                        <code>{gateway.join(', ')}</code>
                        <CopyButton text={gateway[0] ?? ''} what="gateway address" />
                      </span>
                    ),
                  ],
                  [
                    'Data folder',
                    <span key="folder" className={classes.folder}>
                      <code>{folder}</code>
                      <CopyButton text={folder} what="path of the data folder" />
                      {desktopBridge() && (
                        <Button
                          size="compact-xs"
                          variant="default"
                          leftSection={<IconFolderOpen size={15} />}
                          onClick={() => void desktopBridge()?.showDataFolder()}
                        >
                          Open
                        </Button>
                      )}
                    </span>,
                  ],
                ]}
              />
            </Panel>
            <Panel title="Stop everything">
              <div className={classes.stop}>
                <Text size="sm">
                  Stops the gateway, every model server and then the service itself. Closing the window, quitting the
                  app or restarting the service does not: models go on answering without them.
                </Text>
                <Button
                  color="danger"
                  variant="outline"
                  leftSection={<IconPlayerStop size={16} />}
                  disabled={!live}
                  onClick={() => setAsking(true)}
                >
                  Stop everything…
                </Button>
              </div>
            </Panel>
            {question && (
              <ConfirmDialog
                opened={asking}
                title={question.title}
                confirmLabel="Stop everything"
                danger
                onClose={() => {
                  setAsking(false);
                  if (stopAsked) navigate('/settings/about', { replace: true });
                }}
                onConfirm={async () => void (await runAction(stopEverythingAction, { running }))}
              >
                {question.text}
              </ConfirmDialog>
            )}
          </Stack>
        );
      }}
    </AsyncView>
  );
}
