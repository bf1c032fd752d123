import { Group } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { restartProcessAction } from '../../actions/restart-process.ts';
import { startProcessAction } from '../../actions/start-process.ts';
import { stopProcessAction } from '../../actions/stop-process.ts';
import { ActionButton } from '../../components/action-button.tsx';

const ICON_SIZE = 14;

/** Start or stop, whichever fits, and restart. */
export function ProcessActions({ process }: { readonly process: ProcessStatus }) {
  const canStart = startProcessAction.allowed(process).allowed;
  // Between two attempts it can be started at once or told to give up.
  const canGiveUp = process.actual === 'backing-off' || process.actual === 'lost';
  const main = canStart ? startProcessAction : stopProcessAction;
  const MainIcon = canStart ? IconPlayerPlay : IconPlayerStop;
  return (
    <Group gap={6} wrap="nowrap" justify="flex-end">
      {/* One button for both, so that the keyboard's focus stays on it when the state changes. */}
      <ActionButton action={main} subject={process} subjectName={process.name} icon={<MainIcon size={ICON_SIZE} />} />
      {canGiveUp && (
        <ActionButton
          action={stopProcessAction}
          subject={process}
          subjectName={process.name}
          icon={<IconPlayerStop size={ICON_SIZE} />}
        />
      )}
      {!canGiveUp && (
        <ActionButton
          action={restartProcessAction}
          subject={process}
          subjectName={process.name}
          icon={<IconRefresh size={ICON_SIZE} />}
        />
      )}
    </Group>
  );
}
