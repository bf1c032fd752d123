import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { BodyText } from '../../../electron/contract/request-row.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { formatBytes } from '../../components/format-number.ts';
import { formatBody } from './format-body.ts';
import classes from './requests.module.css';

/** What the page draws without being asked; a body may have 32 MB. */
const SHOWN_CHARACTERS = 100_000;

/** A body as it is, or with its JSON laid out. */
export function BodyView({ body, what }: { readonly body: BodyText; readonly what: string }) {
  const [form, setForm] = useState('formatted');
  const [whole, setWhole] = useState(false);
  const formatted = useMemo(() => (typeof body === 'string' ? formatBody(body) : null), [body]);
  if (body === null || body === '') return <p className={classes.hint}>There is no {what}.</p>;
  if (typeof body !== 'string') {
    return (
      <>
        <p className={classes.hint}>Not text; shown in base64.</p>
        <CodeBlock code={body.base64.slice(0, SHOWN_CHARACTERS)} what={`${what} in base64`} maxHeight={480} />
      </>
    );
  }
  const text = form === 'formatted' && formatted !== null ? formatted : body;
  const cut = !whole && text.length > SHOWN_CHARACTERS;
  return (
    <div className={classes.body}>
      {formatted !== null && (
        <SegmentedControl
          size="xs"
          aria-label={`Form of the ${what}`}
          value={form}
          onChange={setForm}
          data={[
            { value: 'formatted', label: 'Formatted' },
            { value: 'raw', label: 'As sent' },
          ]}
        />
      )}
      <CodeBlock code={cut ? text.slice(0, SHOWN_CHARACTERS) : text} what={what} maxHeight={560} />
      {cut && (
        <Button size="xs" variant="default" onClick={() => setWhole(true)}>
          Show all of it ({formatBytes(text.length)})
        </Button>
      )}
    </div>
  );
}
