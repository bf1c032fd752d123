import type { ReactNode } from 'react';
import type { OutpostError } from '../../electron/contract/outpost-error.ts';
import { ToneShape } from './state-badge.tsx';
import classes from './error-notice.module.css';

export interface ErrorNoticeProps {
  readonly error: Pick<OutpostError, 'message' | 'action' | 'detail'>;
  /** Buttons that do something about it. */
  readonly children?: ReactNode;
  /** Further particulars below the words. */
  readonly more?: ReactNode;
  readonly tone?: 'bad' | 'warn';
  /** Leave out where the notice is there from the beginning, so that it is not read out over everything else. */
  readonly alert?: boolean;
}

/** What failed, what is known and what to do next; evidence can be unfolded. */
export function ErrorNotice({ error, children, more, tone = 'bad', alert = true }: ErrorNoticeProps) {
  return (
    <div className={`${classes.notice} ${tone === 'warn' ? classes.warn : ''}`} {...(alert ? { role: 'alert' } : {})}>
      <div className={classes.icon}>
        <ToneShape tone={tone} size={14} />
      </div>
      <div className={classes.body}>
        <div className={classes.message}>{error.message}</div>
        {error.action && <div>{error.action}</div>}
        {more}
        {error.detail && (
          <details className={classes.detail}>
            <summary>Details</summary>
            <pre tabIndex={0} role="region" aria-label="Details of the error">
              {error.detail}
            </pre>
          </details>
        )}
      </div>
      {children && <div className={classes.buttons}>{children}</div>}
    </div>
  );
}
