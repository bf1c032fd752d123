import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useWhileLive } from '../../stores/follow-service.ts';
import { followFeatures } from '../../stores/features.ts';
import { useServedModels } from '../../stores/models.ts';
import { clearConversation, selectTurns, usePlayground } from '../../stores/playground.ts';
import { selectStatus, useStatus } from '../../stores/status.ts';
import { Composer } from './composer.tsx';
import { ConversationTurns } from './conversation-turns.tsx';
import { PlaygroundSettings } from './playground-settings.tsx';
import classes from './playground.module.css';

/** A prompt to any model or feature, through the gateway like any client's. */
export function PlaygroundPage() {
  useWhileLive(followFeatures);
  const turns = usePlayground(selectTurns);
  const models = useServedModels();
  const known = useStatus(selectStatus).state === 'loaded';
  return (
    <div className={classes.page}>
      <PageHeader
        title="Playground"
        description="Goes through the gateway like any client’s request, and is recorded like it"
        actions={
          turns.length > 0 && (
            <Button size="xs" variant="default" leftSection={<IconTrash size={15} />} onClick={clearConversation}>
              New conversation
            </Button>
          )
        }
      />
      <div className={classes.columns}>
        <PlaygroundSettings />
        <div className={classes.talk}>
          {known && models.length === 0 ? (
            <EmptyState
              title="No model is served"
              actions={
                <Button component={Link} href="/add-server" size="xs">
                  Add server
                </Button>
              }
            >
              Add a model server; as soon as it is ready you can try it here.
            </EmptyState>
          ) : (
            <ConversationTurns turns={turns} />
          )}
          <Composer />
        </div>
      </div>
    </div>
  );
}
