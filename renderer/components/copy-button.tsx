import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from '../app/desktop.ts';
import { announce } from '../stores/announcements.ts';

export interface CopyButtonProps {
  /** The text, or a function when it is costly to make. */
  readonly text: string | (() => string);
  /** What is copied, such as "gateway address". */
  readonly what: string;
  /** Shows this word beside the icon. */
  readonly label?: string;
}

const CONFIRMED_MS = 1600;

export function CopyButton({ text, what, label }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (!outcome) return;
    const timer = setTimeout(() => setOutcome(null), CONFIRMED_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  async function copy() {
    const copied = await copyText(typeof text === 'function' ? text() : text);
    setOutcome(copied ? 'copied' : 'refused');
    announce(copied ? `Copied ${what}` : `The browser did not allow copying the ${what}`);
  }
  const icon = outcome === 'copied' ? <IconCheck size={15} /> : <IconCopy size={15} />;
  const hint = outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Not allowed by the browser' : `Copy ${what}`;
  return (
    <Tooltip label={hint}>
      {label === undefined ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--op-muted)"
          aria-label={`Copy ${what}`}
          onClick={() => void copy()}
        >
          {icon}
        </ActionIcon>
      ) : (
        <Button variant="default" size="xs" leftSection={icon} onClick={() => void copy()}>
          {outcome === 'copied' ? 'Copied' : label}
        </Button>
      )}
    </Tooltip>
  );
}
