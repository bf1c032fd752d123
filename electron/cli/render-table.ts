import { harmlessLine } from './harmless-text.ts';
import type { TextStyle, Tone } from './text-style.ts';

export interface TableColumn<T> {
  readonly title: string;
  /** Null is shown as a dash. */
  readonly value: (row: T) => string | number | null;
  readonly tone?: (row: T) => Tone | null;
  readonly align?: 'left' | 'right';
}

/**
 * Lines with aligned columns under a heading. `width` (characters) cuts what is too long for the terminal, null cuts
 * nothing. Cells are made harmless: names and reasons come from elsewhere.
 */
export function renderTable<T>(
  columns: readonly TableColumn<T>[],
  rows: readonly T[],
  style: TextStyle,
  width: number | null,
): string {
  const cells = rows.map((row) => columns.map((column) => cellText(column.value(row))));
  const widths = columns.map((column, index) =>
    Math.max(lengthOf(column.title), ...cells.map((row) => lengthOf(row[index] ?? ''))),
  );
  const line = (texts: readonly string[], toneOf: (index: number) => Tone | null) => {
    let left = width ?? Infinity;
    const parts: string[] = [];
    for (const [index, text] of texts.entries()) {
      if (left <= 0) break;
      const last = index === texts.length - 1;
      const padded = shorten(pad(text, widths[index] ?? 0, columns[index]?.align ?? 'left', last), left);
      const tone = toneOf(index);
      parts.push(tone === null ? padded : style(tone, padded));
      left -= lengthOf(padded) + GAP.length;
    }
    return parts.join(GAP).trimEnd();
  };
  return [
    line(
      columns.map((column) => column.title),
      () => 'quiet',
    ),
    ...cells.map((texts, row) => line(texts, (index) => columns[index]?.tone?.(rows[row] as T) ?? null)),
  ].join('\n');
}

const GAP = '  ';

function cellText(value: string | number | null): string {
  return value === null || value === '' ? '-' : harmlessLine(String(value));
}

function pad(text: string, width: number, align: 'left' | 'right', last: boolean): string {
  const missing = ' '.repeat(Math.max(0, width - lengthOf(text)));
  if (align === 'right') return missing + text;
  return last ? text : text + missing;
}

function shorten(text: string, width: number): string {
  if (lengthOf(text) <= width) return text;
  return `${[...text].slice(0, Math.max(0, width - 1)).join('')}…`;
}

function lengthOf(text: string): number {
  return [...text].length;
}
