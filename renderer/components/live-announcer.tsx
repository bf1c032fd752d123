import { VisuallyHidden } from '@mantine/core';
import { useAnnouncements } from '../stores/announcements.ts';

/** Reads out what changes on the page. */
export function LiveAnnouncer() {
  const text = useAnnouncements((store) => store.text);
  const count = useAnnouncements((store) => store.count);
  return (
    <VisuallyHidden role="status" aria-live="polite">
      <span key={count}>{text}</span>
    </VisuallyHidden>
  );
}
