import { create } from 'zustand';
import type { OutpostError } from '../../electron/contract/outpost-error.ts';

/** The outcome of something the operator asked for. A failure stays until it is dismissed. */
export interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'failed';
  readonly message: string;
  readonly error: OutpostError | null;
}

interface NoticeStore {
  readonly notices: readonly Notice[];
}

const DONE_SHOWN_MS = 5000;
const MOST_SHOWN = 4;

export const useNotices = create<NoticeStore>()(() => ({ notices: [] }));

export const selectNotices = (store: NoticeStore) => store.notices;

export function noticeDone(message: string): void {
  const id = add({ kind: 'done', message, error: null });
  setTimeout(() => dismissNotice(id), DONE_SHOWN_MS);
}

export function noticeFailed(error: OutpostError): void {
  add({ kind: 'failed', message: error.message, error });
}

export function dismissNotice(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

let lastId = 0;

function add(notice: Omit<Notice, 'id'>): number {
  const id = ++lastId;
  useNotices.setState(({ notices }) => ({ notices: [...notices, { ...notice, id }].slice(-MOST_SHOWN) }));
  return id;
}
