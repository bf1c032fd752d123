import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { BodyText } from '../../../electron/contract/request-row.ts';
import { formatBody } from './format-body.ts';
import { JsonTree } from './json-tree.tsx';
import { PagedText } from './paged-text.tsx';
import { MOST_READ_AT_ONCE, readBody } from './read-body.ts';
import classes from './requests.module.css';

type Form = 'tree' | 'formatted' | 'raw';

const HEIGHT_PX = 560;

/** A body as a tree, with its JSON laid out, or as it was sent. */
export function BodyView({ body, what }: { readonly body: BodyText; readonly what: string }) {
  if (body === null || body === '') return <p className={classes.hint}>There is no {what}.</p>;
  if (typeof body !== 'string') {
    return (
      <div className={classes.body}>
        <p className={classes.hint}>Not text; shown in base64.</p>
        <PagedText text={body.base64} what={`${what} in base64`} maxHeight={HEIGHT_PX} />
      </div>
    );
  }
  return <TextBody body={body} what={what} />;
}

function TextBody({ body, what }: { readonly body: string; readonly what: string }) {
  const small = body.length <= MOST_READ_AT_ONCE;
  const [form, setForm] = useState<Form>(small ? 'tree' : 'raw');
  const value = useMemo(() => (form === 'tree' || small ? readBody(body) : undefined), [body, form, small]);
  const formatted = useMemo(() => (form === 'formatted' ? formatBody(body) : null), [body, form]);
  const isJson = small ? value !== undefined : true;
  const shown: Form = value === undefined && form === 'tree' ? 'raw' : form;
  return (
    <div className={classes.body}>
      {isJson && (
        <SegmentedControl
          size="xs"
          aria-label={`Form of the ${what}`}
          value={shown}
          onChange={(next) => setForm(next as Form)}
          data={[
            { value: 'tree', label: 'Tree' },
            ...(small ? [{ value: 'formatted', label: 'Formatted' }] : []),
            { value: 'raw', label: 'As sent' },
          ]}
        />
      )}
      {shown === 'tree' ? (
        <JsonTree key={body.length} value={value} what={what} />
      ) : (
        <PagedText text={(shown === 'formatted' ? formatted : null) ?? body} what={what} maxHeight={HEIGHT_PX} />
      )}
    </div>
  );
}
