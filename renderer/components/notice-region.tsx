import { CloseButton } from '@mantine/core';
import { dismissNotice, selectNotices, useNotices } from '../stores/notices.ts';
import { ErrorNotice } from './error-notice.tsx';
import { ToneShape } from './state-badge.tsx';
import classes from './notice-region.module.css';

/** Outcomes of what the operator asked for, in the corner of the window. */
export function NoticeRegion() {
  const notices = useNotices(selectNotices);
  return (
    <div className={classes.region} role="region" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => {
        const close = <CloseButton size="sm" aria-label="Dismiss" onClick={() => dismissNotice(notice.id)} />;
        return notice.error ? (
          <div key={notice.id} className={classes.failed}>
            <ErrorNotice error={notice.error}>{close}</ErrorNotice>
          </div>
        ) : (
          <div key={notice.id} className={classes.done}>
            <ToneShape tone="ok" size={14} />
            <span style={{ flex: 1 }}>{notice.message}</span>
            {close}
          </div>
        );
      })}
    </div>
  );
}
