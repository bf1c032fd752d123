import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import { CodeBlock } from '../../components/code-block.tsx';
import { formatBytes } from '../../components/format-number.ts';
import { countParts, partOf } from './text-parts.ts';
import classes from './requests.module.css';

export interface PagedTextProps {
  readonly text: string;
  readonly what: string;
  readonly maxHeight: number;
}

/** A text as it is, a part at a time when it is long, so that it never holds up the page. */
export function PagedText({ text, what, maxHeight }: PagedTextProps) {
  const [asked, setAsked] = useState(0);
  const parts = countParts(text);
  const part = Math.min(asked, parts - 1);
  if (parts === 1) return <CodeBlock code={text} what={what} maxHeight={maxHeight} />;
  return (
    <div className={classes.paged}>
      <CodeBlock key={part} code={partOf(text, part)} whole={text} what={what} maxHeight={maxHeight} />
      <Group gap="xs">
        <Button size="xs" variant="default" disabled={part === 0} onClick={() => setAsked(part - 1)}>
          Previous part
        </Button>
        <Button size="xs" variant="default" disabled={part === parts - 1} onClick={() => setAsked(part + 1)}>
          Next part
        </Button>
        <span className={classes.hint} role="status">
          Part {part + 1} of {parts} of {formatBytes(text.length)}; copying takes the whole
        </span>
      </Group>
    </div>
  );
}
