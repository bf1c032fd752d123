import { ActionIcon, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { CopyButton } from '../../components/copy-button.tsx';
import { findInJson, firstFolding, jsonRows, revealPath, toggleRow, valueAt } from './json-rows.ts';
import type { JsonRow } from './json-rows.ts';
import { PagedText } from './paged-text.tsx';
import classes from './json-tree.module.css';

const ROW_PX = 22;
const MOST_FOUND = 1000;

export interface JsonTreeProps {
  readonly value: unknown;
  /** What it is, such as "request body". */
  readonly what: string;
}

/** JSON as a tree that folds and is searched; draws only the lines in sight, however large the value. */
export function JsonTree({ value, what }: JsonTreeProps) {
  const treeId = useId();
  const [folding, setFolding] = useState(() => firstFolding(value));
  const [selected, setSelected] = useState('');
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search);
  const found = useMemo(() => findInJson(value, wanted, MOST_FOUND), [value, wanted]);
  const rows = useMemo(() => jsonRows(value, folding), [value, folding]);
  const marked = useMemo(() => new Set(found), [found]);
  const scroller = useRef<HTMLDivElement>(null);
  // Its functions are used while rendering only, so that the compiler's memoization does not matter to it.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 20,
  });
  const items = virtual.getVirtualItems();
  const selectedIndex = rows.findIndex(({ path }) => path === selected);
  const foundAt = found.indexOf(selected);

  function select(index: number) {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    setSelected(row.path);
    virtual.scrollToIndex(rows.indexOf(row), { align: 'auto' });
  }
  function toggle(row: JsonRow) {
    setFolding(toggleRow(folding, row));
  }
  function showFound(step: number) {
    // Enter may come before the page has caught up with what was typed.
    const matches = wanted === search ? found : findInJson(value, search, MOST_FOUND);
    const at = matches.indexOf(selected);
    const next = at === -1 ? matches.at(step > 0 ? 0 : -1) : matches[(at + step + matches.length) % matches.length];
    if (next === undefined) return;
    const revealed = revealPath(value, folding, next);
    setFolding(revealed);
    setSelected(next);
    const index = jsonRows(value, revealed).findIndex(({ path }) => path === next);
    // The line is there only after the next drawing.
    requestAnimationFrame(() => virtual.scrollToIndex(index, { align: 'center' }));
  }
  function onKeyDown(event: KeyboardEvent) {
    const row = rows[selectedIndex];
    if (event.ctrlKey || event.metaKey || event.altKey || !row) return;
    const move = moves[event.key];
    if (move) select(move(selectedIndex, rows));
    else if (event.key === 'Enter' || event.key === ' ') toggle(row);
    else if (event.key === 'ArrowRight') {
      if (row.open === false) toggle(row);
      else if (row.open) select(selectedIndex + 1);
    } else if (event.key === 'ArrowLeft') {
      if (row.open) toggle(row);
      else select(parentOf(rows, selectedIndex));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className={classes.frame}>
      <div className={classes.bar} role="search" aria-label={`Search the ${what}`}>
        <TextInput
          size="xs"
          className={classes.search ?? ''}
          aria-label={`Find in the ${what}`}
          placeholder="Find a name or a value"
          leftSection={<IconSearch size={15} />}
          value={search}
          onChange={({ currentTarget }) => setSearch(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') showFound(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape') event.currentTarget.blur();
          }}
        />
        <span role="status" className={classes.count}>
          {wanted !== '' && foundWords(found.length, foundAt)}
        </span>
        <ActionIcon variant="default" size={30} aria-label="Previous match" onClick={() => showFound(-1)}>
          <IconChevronUp size={15} />
        </ActionIcon>
        <ActionIcon variant="default" size={30} aria-label="Next match" onClick={() => showFound(1)}>
          <IconChevronDown size={15} />
        </ActionIcon>
      </div>
      <div
        ref={scroller}
        role="tree"
        aria-label={what}
        tabIndex={0}
        className={classes.tree}
        {...(items.some(({ index }) => index === selectedIndex)
          ? { 'aria-activedescendant': `${treeId}-${selectedIndex}` }
          : {})}
        onKeyDown={onKeyDown}
      >
        <div role="presentation" className={classes.lines} style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (!row) return null;
            return (
              <div
                key={row.path}
                id={`${treeId}-${index}`}
                role="treeitem"
                aria-level={row.depth + 1}
                aria-posinset={row.position}
                aria-setsize={row.siblings}
                aria-selected={row.path === selected}
                {...(row.open === null ? {} : { 'aria-expanded': row.open })}
                data-found={marked.has(row.path)}
                className={classes.line}
                style={{ transform: `translateY(${start}px)`, paddingLeft: 6 + row.depth * 14 }}
                onClick={() => {
                  setSelected(row.path);
                  if (row.open !== null || row.kind === 'more') toggle(row);
                }}
              >
                <span className={classes.fold} aria-hidden="true">
                  {row.open === null ? '' : row.open ? '▾' : '▸'}
                </span>
                {row.label !== '' && <span className={classes.label}>{row.label}: </span>}
                <span data-kind={row.kind}>{row.preview}</span>
              </div>
            );
          })}
        </div>
      </div>
      <SelectedValue key={selected} value={value} path={selected} />
    </div>
  );
}

/** Where the selected line is and, when its line cannot show it, the whole text. */
function SelectedValue({ value, path }: { readonly value: unknown; readonly path: string }) {
  const selected = path.endsWith('/…') ? undefined : valueAt(value, path);
  if (selected === undefined) return null;
  const isLong = typeof selected === 'string' && (selected.length > 80 || selected.includes('\n'));
  return (
    <div className={classes.selected}>
      <div className={classes.path}>
        <code>{path === '' ? 'the whole of it' : path}</code>
        <CopyButton
          text={() => (typeof selected === 'string' ? selected : JSON.stringify(selected, null, 2))}
          what="the value of the selected line"
        />
      </div>
      {isLong && <PagedText text={selected} what="text of the selected line" maxHeight={260} />}
    </div>
  );
}

const PAGE_LINES = 15;

const moves: Readonly<Record<string, (index: number, rows: readonly JsonRow[]) => number>> = {
  ArrowDown: (index) => index + 1,
  ArrowUp: (index) => index - 1,
  PageDown: (index) => index + PAGE_LINES,
  PageUp: (index) => index - PAGE_LINES,
  Home: () => 0,
  End: (_, rows) => rows.length - 1,
};

function parentOf(rows: readonly JsonRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0;
  return Math.max(
    0,
    rows.slice(0, index).findLastIndex((row) => row.depth < depth),
  );
}

function foundWords(count: number, at: number): string {
  const total = count >= MOST_FOUND ? `${MOST_FOUND.toLocaleString('en-US')} or more` : count.toLocaleString('en-US');
  if (count === 0) return 'Not found';
  return at === -1 ? `${total} found` : `${at + 1} of ${total}`;
}
