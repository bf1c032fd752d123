import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type { LogTerminalHandle } from '../../components/log-terminal.tsx';
import { endLogSearch, searchProcessLog } from '../../stores/process-logs.ts';

const LONGEST_TEXT = 200;

export interface LogSearchProps {
  readonly name: string;
  readonly run: number | null;
  readonly terminal: RefObject<LogTerminalHandle | null>;
  /** Which of how many places in the terminal is selected. */
  readonly found: { readonly index: number; readonly count: number };
}

/** Finds text in what is shown and, with Enter, lists every line of the run that has it. */
export function LogSearch({ name, run, terminal, found }: LogSearchProps) {
  const [text, setText] = useState('');
  const [searched, setSearched] = useState('');

  function end() {
    setText('');
    setSearched('');
    terminal.current?.endFind();
    endLogSearch();
  }

  function step(direction: 'next' | 'previous') {
    if (text === '') return;
    if (text !== searched) {
      setSearched(text);
      void searchProcessLog(name, run, text);
    }
    // The list of matches that opens makes the terminal smaller, and another size makes it forget what it found.
    requestAnimationFrame(() => requestAnimationFrame(() => terminal.current?.find(text, direction)));
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Enter') step(event.shiftKey ? 'previous' : 'next');
    if (event.key === 'Escape') end();
  }

  return (
    <div role="search" aria-label="Log" style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
      <TextInput
        size="xs"
        w={230}
        aria-label="Search the log"
        placeholder="Search the log"
        leftSection={<IconSearch size={14} />}
        maxLength={LONGEST_TEXT}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          if (event.currentTarget.value === '') end();
        }}
        onKeyDown={onKeyDown}
      />
      <ActionIcon variant="default" aria-label="Former match" disabled={text === ''} onClick={() => step('previous')}>
        <IconChevronUp size={15} />
      </ActionIcon>
      <ActionIcon variant="default" aria-label="Next match" disabled={text === ''} onClick={() => step('next')}>
        <IconChevronDown size={15} />
      </ActionIcon>
      <span role="status" style={{ fontSize: 12, color: 'var(--op-muted)', minWidth: 86 }}>
        {searched !== '' && searched === text && describe(found)}
      </span>
    </div>
  );
}

function describe({ index, count }: LogSearchProps['found']): string {
  if (count === 0) return 'none shown';
  return index === -1 ? `${count} shown` : `${index + 1} of ${count} shown`;
}
