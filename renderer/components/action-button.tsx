import { Button, Tooltip } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { runAction } from '../actions/operator-action.ts';
import type { OperatorAction } from '../actions/operator-action.ts';
import { selectIsLive, useConnection } from '../stores/connection.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

export interface ActionButtonProps<S> {
  readonly action: OperatorAction<S>;
  readonly subject: S;
  /** Whose button it is, for those who hear it alone, such as the name of a server. */
  readonly subjectName: string;
  readonly icon?: ReactNode;
  readonly variant?: 'filled' | 'default';
  readonly size?: 'xs' | 'sm';
  /** Under way on account of somebody else. */
  readonly busy?: boolean;
  readonly onDone?: () => void;
}

/** A button for an operator action: says why when it cannot be used, asks first when it should, shows progress. */
export function ActionButton<S>(props: ActionButtonProps<S>) {
  const { action, subject, subjectName, icon, variant = 'default', size = 'xs', busy = false, onDone } = props;
  // By name: the same button may stand for another action while this one is still under way.
  const [runningName, setRunningName] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const live = useConnection(selectIsLive);
  const allowance = action.allowed(subject);
  const refusal = !live ? 'The service is not answering.' : allowance.allowed ? null : allowance.reason;
  const question = action.confirm?.(subject);

  const running = runningName === action.name;

  async function run() {
    setRunningName(action.name);
    const error = await runAction(action, subject);
    setRunningName((now) => (now === action.name ? null : now));
    if (!error) onDone?.();
  }

  // aria-disabled instead of disabled: the button keeps the focus and can say why it does nothing.
  const disabled = refusal !== null && !running;
  return (
    <>
      <Tooltip label={refusal ?? ''} disabled={refusal === null || running}>
        <Button
          variant={variant}
          size={size}
          loading={running || busy}
          leftSection={icon}
          aria-label={`${action.label(subject)} ${subjectName}`}
          data-action={action.name}
          {...(disabled ? { 'aria-disabled': true, 'data-disabled': true } : {})}
          {...(disabled ? { 'aria-description': refusal ?? '' } : {})}
          onClick={() => {
            if (disabled) return;
            if (question) setAsking(true);
            else void run();
          }}
        >
          {action.label(subject)}
        </Button>
      </Tooltip>
      {question && (
        <ConfirmDialog
          opened={asking}
          title={question.title}
          confirmLabel={`${action.label(subject)} ${subjectName}`}
          danger={question.danger}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            void run();
          }}
        >
          {question.text}
        </ConfirmDialog>
      )}
    </>
  );
}
