import { Fragment } from 'react';
import type { ReactNode } from 'react';
import classes from './key-value.module.css';

export interface KeyValueProps {
  /** Label and value; a null value is left out. */
  readonly rows: readonly (readonly [string, ReactNode])[];
}

export function KeyValue({ rows }: KeyValueProps) {
  return (
    <dl className={classes.list}>
      {rows.map(
        ([label, value]) =>
          value !== null && (
            <Fragment key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </Fragment>
          ),
      )}
    </dl>
  );
}
