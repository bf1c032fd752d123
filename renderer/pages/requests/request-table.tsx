import { Loader } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import type { RequestList } from '../../stores/request-list.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { RetryButton } from '../../components/retry-button.tsx';
import { selectColumnChoice, useRequestPreferences } from '../../stores/request-preferences.ts';
import { readOlder, selectOlder, useRequests } from '../../stores/requests.ts';
import { shownColumns } from './columns.tsx';
import classes from './requests.module.css';

const ROW_PX = 33;
/** Rows before the end at which the next ones are read. */
const AHEAD = 30;
const AT_TOP_PX = 4;

export interface RequestTableProps {
  readonly list: RequestList;
  /** The row that the keyboard is at. */
  readonly cursor: number | null;
  readonly openId: number | null;
  readonly onOpen: (id: number) => void;
  readonly onAtTop: (atTop: boolean) => void;
}

export function rowElementId(id: number): string {
  return `request-${id}`;
}

/** The rows that are in sight, of however many there are; reads on when the end comes near. */
export function RequestTable({ list, cursor, openId, onOpen, onAtTop }: RequestTableProps) {
  const { rows, more } = list;
  const older = useRequests(selectOlder);
  const scroller = useRef<HTMLDivElement>(null);
  const { ref: sizeRef, width } = useElementSize();
  const kept = useRequestPreferences(selectColumnChoice);
  const columns = useMemo(() => (width === 0 ? [] : shownColumns(kept, width)), [kept, width]);
  const leastWidth = columns.reduce((sum, column) => sum + column.width, 0);
  const template = columns
    .map(({ width: px, grow }) => (grow > 0 ? `minmax(${px}px, ${grow}fr)` : `${px}px`))
    .join(' ');
  // Its functions are used while rendering only, so that the compiler's memoization does not matter to it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 10,
    scrollPaddingStart: ROW_PX,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (more && !older.error && lastShown >= rows.length - AHEAD) void readOlder();
  }, [more, older.error, lastShown, rows.length]);

  const cursorIndex = cursor === null ? -1 : rows.findIndex(({ id }) => id === cursor);
  useEffect(() => {
    if (cursorIndex >= 0) virtual.scrollToIndex(cursorIndex, { align: 'auto' });
    // Only when the operator moves: rows that come in above must not scroll the table.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [cursor]);

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label="Requests, newest first"
      aria-rowcount={more ? -1 : rows.length + 1}
      tabIndex={0}
      className={classes.grid}
      data-request-grid
      {...(cursorIndex >= 0 && items.some(({ index }) => index === cursorIndex)
        ? { 'aria-activedescendant': rowElementId(cursor ?? 0) }
        : {})}
      onScroll={({ currentTarget }) => onAtTop(currentTarget.scrollTop <= AT_TOP_PX)}
    >
      <div role="presentation" ref={sizeRef} />
      <div role="rowgroup" className={classes.head} style={{ minWidth: leastWidth }}>
        <div role="row" aria-rowindex={1} className={classes.row} style={{ gridTemplateColumns: template }}>
          {columns.map(({ id, label, align }) => (
            <div key={id} role="columnheader" className={classes.cell} data-align={align}>
              {label}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className={classes.rows} style={{ height: virtual.getTotalSize(), minWidth: leastWidth }}>
        {items.map(({ index, start, key }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            <div
              key={key}
              id={rowElementId(row.id)}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={row.id === openId}
              data-cursor={row.id === cursor}
              data-state={row.state}
              className={`${classes.row} ${classes.data}`}
              style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
              onClick={() => onOpen(row.id)}
            >
              {columns.map(({ id, align, title, cell }) => (
                <div
                  key={id}
                  role="gridcell"
                  className={classes.cell}
                  data-align={align}
                  data-column={id}
                  title={title(row) ?? undefined}
                >
                  {cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      <div className={classes.foot} role="presentation">
        {older.busy && (
          <>
            <Loader size={13} /> Reading older requests…
          </>
        )}
        {older.error && (
          <ErrorNotice error={older.error}>
            <RetryButton onRetry={() => void readOlder()} />
          </ErrorNotice>
        )}
        {!more && 'This is the oldest request that matches.'}
      </div>
    </div>
  );
}
