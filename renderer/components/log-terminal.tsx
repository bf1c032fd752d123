import '@xterm/xterm/css/xterm.css';
import { useComputedColorScheme } from '@mantine/core';
import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Terminal } from '@xterm/xterm';
import { useEffect, useImperativeHandle, useRef } from 'react';
import type { Ref } from 'react';
import { lineHolding, lineOffsets } from './line-offsets.ts';
import { terminalTheme } from './terminal-theme.ts';
import classes from './log-terminal.module.css';

/** What the page does to the terminal view. */
export interface LogTerminalHandle {
  /** Empties the view. */
  clear(): void;
  /** Adds a piece of a log that begins at a byte offset of its file. */
  write(text: string, fromOffset: number): void;
  /** Adds a line of Outpost's own between two runs. */
  note(text: string): void;
  toEnd(): void;
  /** Selects the next or former place where text occurs in what is shown. */
  find(text: string, direction: 'next' | 'previous'): void;
  endFind(): void;
  /** Shows the line that holds a byte of the file; false when it is not in what is shown. */
  showOffset(offset: number): boolean;
  /** Everything shown, as plain text. */
  text(): string;
}

export interface LogTerminalProps {
  readonly ref: Ref<LogTerminalHandle>;
  readonly label: string;
  /** Told when the operator scrolls away from the end or comes back to it. */
  readonly onAtEndChange: (atEnd: boolean) => void;
  /** Told which of how many places is selected; -1 when none is. */
  readonly onFound: (index: number, count: number) => void;
}

const SCROLLBACK_LINES = 50_000;
const LINES_ABOVE_SHOWN = 5;

/** A log as a terminal shows it, read only: colours of the program are kept, arrows and page keys scroll. */
export function LogTerminal({ ref, label, onAtEndChange, onFound }: LogTerminalProps) {
  const hostRef = useRef<HTMLDivElement>(null);
  const terminalRef = useRef<{ terminal: Terminal; search: SearchAddon; offsets: number[] } | null>(null);
  const listeners = useRef({ onAtEndChange, onFound });
  const dark = useComputedColorScheme() === 'dark';
  const darkRef = useRef(dark);

  useEffect(() => {
    listeners.current = { onAtEndChange, onFound };
  });

  useEffect(() => {
    const host = hostRef.current;
    if (!host) return;
    const terminal = new Terminal({
      allowProposedApi: true, // for the marks of search results
      convertEol: true,
      cursorInactiveStyle: 'none',
      disableStdin: true,
      fontFamily: getComputedStyle(host).getPropertyValue('--mantine-font-family-monospace'),
      fontSize: 12.5,
      lineHeight: 1.3,
      minimumContrastRatio: 4.5,
      scrollback: SCROLLBACK_LINES,
      theme: terminalTheme(darkRef.current),
    });
    const fit = new FitAddon();
    const search = new SearchAddon();
    terminal.loadAddon(fit);
    terminal.loadAddon(search);
    terminal.open(host);
    fit.fit();
    terminal.textarea?.setAttribute('aria-label', `${label}. Arrow and page keys scroll.`);
    terminal.attachCustomKeyEventHandler((event) => scrollByKey(terminal, event));
    terminal.onScroll(() => {
      const { viewportY, baseY } = terminal.buffer.active;
      listeners.current.onAtEndChange(viewportY >= baseY);
    });
    search.onDidChangeResults(({ resultIndex, resultCount }) => listeners.current.onFound(resultIndex, resultCount));
    const observer = new ResizeObserver(() => {
      fit.fit();
      revealSelection(terminal);
    });
    observer.observe(host);
    terminalRef.current = { terminal, search, offsets: [] };
    return () => {
      observer.disconnect();
      terminal.dispose();
      terminalRef.current = null;
    };
  }, [label]);

  useEffect(() => {
    darkRef.current = dark;
    if (terminalRef.current) terminalRef.current.terminal.options.theme = terminalTheme(dark);
  }, [dark]);

  useImperativeHandle(ref, () => ({
    clear: () => {
      const now = terminalRef.current;
      if (!now) return;
      now.terminal.reset();
      now.offsets = [];
    },
    write: (text, fromOffset) => {
      const now = terminalRef.current;
      if (!now) return;
      now.offsets.push(...lineOffsets(text, fromOffset));
      now.terminal.write(text);
    },
    note: (text) => {
      const now = terminalRef.current;
      if (!now) return;
      now.offsets = [];
      now.terminal.write(`\u001b[0;2m── ${text} ──\u001b[0m\r\n`);
    },
    toEnd: () => terminalRef.current?.terminal.scrollToBottom(),
    find: (text, direction) => {
      const now = terminalRef.current;
      if (!now) return;
      const options = { decorations: searchMarks(darkRef.current) };
      if (direction === 'next') now.search.findNext(text, options);
      else now.search.findPrevious(text, options);
      revealSelection(now.terminal);
    },
    endFind: () => {
      terminalRef.current?.search.clearDecorations();
      terminalRef.current?.terminal.clearSelection();
    },
    showOffset: (offset) => {
      const now = terminalRef.current;
      if (!now) return false;
      const line = lineHolding(now.offsets, offset);
      if (line === -1) return false;
      // Written text reaches the buffer a little later; this runs after what was written before it.
      now.terminal.write('', () => showLineFromEnd(now.terminal, now.offsets.length - line));
      return true;
    },
    text: () => {
      const now = terminalRef.current;
      return now ? bufferText(now.terminal) : '';
    },
  }));

  return <div ref={hostRef} className={classes.terminal} role="region" aria-label={label} data-testid="log-terminal" />;
}

function scrollByKey(terminal: Terminal, event: KeyboardEvent): boolean {
  // Not the terminal's: Tab leaves it, and the browser copies.
  if (event.type !== 'keydown') return false;
  switch (event.key) {
    case 'ArrowUp':
      terminal.scrollLines(-1);
      break;
    case 'ArrowDown':
      terminal.scrollLines(1);
      break;
    case 'PageUp':
      terminal.scrollPages(-1);
      break;
    case 'PageDown':
      terminal.scrollPages(1);
      break;
    case 'Home':
      terminal.scrollToTop();
      break;
    case 'End':
      terminal.scrollToBottom();
      break;
    default:
      return false;
  }
  event.preventDefault();
  return false;
}

/** Lines are counted from the end, since the beginning may have left the scrollback; a long line takes several rows. */
function showLineFromEnd(terminal: Terminal, linesFromEnd: number): void {
  const buffer = terminal.buffer.active;
  let remaining = linesFromEnd;
  // The cursor stands on the row after the last line.
  let row = buffer.baseY + buffer.cursorY;
  while (row > 0 && remaining > 0) {
    row -= 1;
    if (!buffer.getLine(row)?.isWrapped) remaining -= 1;
  }
  terminal.scrollToLine(Math.max(0, row - LINES_ABOVE_SHOWN));
  terminal.selectLines(row, row);
}

/** Keeps what was found or chosen in sight, also when the terminal has just become smaller. */
function revealSelection(terminal: Terminal): void {
  const selected = terminal.getSelectionPosition();
  if (!selected) return;
  const { viewportY } = terminal.buffer.active;
  const row = selected.start.y;
  if (row < viewportY || row >= viewportY + terminal.rows - 1)
    terminal.scrollToLine(Math.max(0, row - LINES_ABOVE_SHOWN));
}

function bufferText(terminal: Terminal): string {
  const buffer = terminal.buffer.active;
  let text = '';
  for (let row = 0; row < buffer.length; row += 1) {
    const line = buffer.getLine(row);
    if (!line) continue;
    text += (line.isWrapped || row === 0 ? '' : '\n') + line.translateToString(true);
  }
  return text.trimEnd();
}

function searchMarks(dark: boolean) {
  return dark
    ? {
        matchBackground: '#4a3a12',
        matchOverviewRuler: '#eab75c',
        activeMatchBackground: '#7a5c10',
        activeMatchColorOverviewRuler: '#ffffff',
      }
    : {
        matchBackground: '#fde9b8',
        matchOverviewRuler: '#b47b00',
        activeMatchBackground: '#f7c948',
        activeMatchColorOverviewRuler: '#161a21',
      };
}
