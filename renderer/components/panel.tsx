import { useId } from 'react';
import type { ReactNode } from 'react';
import classes from './panel.module.css';

export interface PanelProps {
  readonly title?: string;
  /** At the right of the title. */
  readonly aside?: ReactNode;
  /** Without padding, for tables and lists. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A framed part of a page with a heading of level 2. */
export function Panel({ title, aside, flush = false, children }: PanelProps) {
  const headingId = useId();
  return (
    <section className={classes.panel} {...(title === undefined ? {} : { 'aria-labelledby': headingId })}>
      {title !== undefined && (
        <div className={classes.head}>
          <h2 id={headingId} className={classes.title}>
            {title}
          </h2>
          {aside}
        </div>
      )}
      <div className={`${classes.body} ${flush ? classes.flush : ''}`}>{children}</div>
    </section>
  );
}
