import { create } from 'zustand';

interface AnnouncementStore {
  /** The last sentence to be read out by a screen reader; the count makes the same sentence twice two changes. */
  readonly text: string;
  readonly count: number;
}

export const useAnnouncements = create<AnnouncementStore>()(() => ({ text: '', count: 0 }));

/** Says something to those who hear the page instead of seeing it. */
export function announce(text: string): void {
  useAnnouncements.setState((store) => ({ text, count: store.count + 1 }));
}
