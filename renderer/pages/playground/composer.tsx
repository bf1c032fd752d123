import { Button, Kbd, Textarea } from '@mantine/core';
import { IconPlayerStop, IconSend2 } from '@tabler/icons-react';
import { useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import {
  changeDraft,
  selectDraft,
  selectIsSending,
  sendDraft,
  stopSending,
  usePlayground,
} from '../../stores/playground.ts';
import classes from './playground.module.css';

/** The prompt, and the buttons to send it and to stop the answer. */
export function Composer() {
  const draft = usePlayground(selectDraft);
  const sending = usePlayground(selectIsSending);
  const live = useConnection(selectIsLive);
  const field = useRef<HTMLTextAreaElement>(null);
  const refusal = !live
    ? 'The service is not answering.'
    : draft.target === null
      ? 'Choose a model or a feature first.'
      : draft.prompt.trim() === ''
        ? 'Write a prompt first.'
        : null;

  async function send() {
    if (refusal !== null || sending) return;
    field.current?.focus();
    await sendDraft();
  }
  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void send();
    }
    if (event.key === 'Escape' && sending) stopSending();
  }

  return (
    <div className={classes.composer}>
      <Textarea
        ref={field}
        aria-label="Prompt"
        placeholder="Ask something"
        autosize
        minRows={3}
        maxRows={12}
        value={draft.prompt}
        onChange={({ currentTarget }) => changeDraft({ prompt: currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      <div className={classes.send}>
        <span className={classes.hint}>
          <Kbd size="xs">Ctrl</Kbd> + <Kbd size="xs">Enter</Kbd> sends, <Kbd size="xs">Esc</Kbd> stops
        </span>
        {sending ? (
          <Button variant="default" leftSection={<IconPlayerStop size={16} />} onClick={stopSending}>
            Stop
          </Button>
        ) : (
          <Button
            leftSection={<IconSend2 size={16} />}
            onClick={() => void send()}
            {...(refusal === null
              ? {}
              : { 'aria-disabled': true, 'data-disabled': true, 'aria-description': refusal, title: refusal })}
          >
            Send
          </Button>
        )}
      </div>
    </div>
  );
}
