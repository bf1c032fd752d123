import { create } from 'zustand';

interface FirstRunStore {
  /** The operator is being shown how to begin, although a site exists by now. */
  readonly underWay: boolean;
}

export const useFirstRun = create<FirstRunStore>()(() => ({ underWay: false }));

export const selectFirstRunUnderWay = (store: FirstRunStore) => store.underWay;

export function beginFirstRun(): void {
  useFirstRun.setState({ underWay: true });
}

export function endFirstRun(): void {
  useFirstRun.setState({ underWay: false });
}
