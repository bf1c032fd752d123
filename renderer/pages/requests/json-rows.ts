export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** One line of a JSON value that is laid out as a tree. */
export interface JsonRow {
  /** JSON pointer (RFC 6901); the root is "". A line that stands for children not shown yet has "/…" at its end. */
  readonly path: string;
  /** 0 for the root. */
  readonly depth: number;
  /** Name or index inside the parent; empty for the root. */
  readonly label: string;
  readonly kind: JsonKind | 'more';
  /** Short form of the value, or how much there is. */
  readonly preview: string;
  /** Null when there is nothing to fold. */
  readonly open: boolean | null;
  /** Place among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

/** What is unfolded, and how many children of a node are shown where that is not CHILDREN_SHOWN. */
export interface JsonFolding {
  readonly open: ReadonlySet<string>;
  readonly shown: ReadonlyMap<string, number>;
}

export const CHILDREN_SHOWN = 200;
const PREVIEW_CHARACTERS = 160;
/** A body of up to about this many lines is unfolded whole. */
const UNFOLDED_LINES = 120;
/** Whoever sends a request may nest it deeper than the stack is. */
const MOST_DEPTH = 1000;

/** The lines to draw, in order. */
export function jsonRows(value: unknown, folding: JsonFolding): readonly JsonRow[] {
  const rows: JsonRow[] = [];
  addRows(rows, value, { path: '', depth: 0, label: '', position: 1, siblings: 1 }, folding);
  return rows;
}

type Place = Pick<JsonRow, 'path' | 'depth' | 'label' | 'position' | 'siblings'>;

function addRows(rows: JsonRow[], value: unknown, place: Place, folding: JsonFolding): void {
  const kind = kindOf(value);
  const size = sizeOf(value);
  const open = size > 0 ? folding.open.has(place.path) : null;
  rows.push({ ...place, kind, preview: previewOf(value, kind, size), open });
  if (!open || place.depth >= MOST_DEPTH) return;
  const shown = Math.min(size, folding.shown.get(place.path) ?? CHILDREN_SHOWN);
  const siblings = shown < size ? shown + 1 : size;
  const labels = Array.isArray(value) ? null : Object.keys(value as object);
  for (let index = 0; index < shown; index += 1) {
    const label = labels ? (labels[index] ?? '') : String(index);
    const child = (value as Readonly<Record<string, unknown>>)[label];
    const path = `${place.path}/${escapeName(label)}`;
    addRows(rows, child, { path, depth: place.depth + 1, label, position: index + 1, siblings }, folding);
  }
  if (shown === size) return;
  rows.push({
    path: `${place.path}/…`,
    depth: place.depth + 1,
    label: '',
    kind: 'more',
    preview: `${(size - shown).toLocaleString('en-US')} more`,
    open: null,
    position: siblings,
    siblings,
  });
}

/** Unfolds level by level while few lines come of it; the root always. */
export function firstFolding(value: unknown): JsonFolding {
  const open = new Set<string>();
  let lines = 1;
  let level: readonly (readonly [string, unknown])[] = [['', value]];
  while (level.length > 0) {
    const grown = level.reduce((sum, [, node]) => sum + Math.min(sizeOf(node), CHILDREN_SHOWN), 0);
    if (lines > 1 && lines + grown > UNFOLDED_LINES) break;
    lines += grown;
    for (const [path, node] of level) if (sizeOf(node) > 0) open.add(path);
    level = level.flatMap(([path, node]) => childrenOf(node, CHILDREN_SHOWN).map(([l, c]) => [`${path}/${l}`, c]));
  }
  return { open, shown: new Map() };
}

/** Paths of the values, and of the named members, that hold the text without regard to case; at most `most`. */
export function findInJson(value: unknown, text: string, most: number): readonly string[] {
  const wanted = text.toLowerCase();
  const found: string[] = [];
  if (wanted === '') return found;
  visit(value, '', '', 0);
  return found;

  function visit(node: unknown, path: string, label: string, depth: number): void {
    if (found.length >= most || depth > MOST_DEPTH) return;
    const inside = typeof node === 'object' && node !== null;
    if (label.toLowerCase().includes(wanted) || (!inside && String(node).toLowerCase().includes(wanted))) {
      found.push(path);
    }
    if (!inside) return;
    // An index is not what anybody looks for.
    const named = !Array.isArray(node);
    for (const [name, child] of Object.entries(node)) {
      visit(child, `${path}/${escapeName(name)}`, named ? name : '', depth + 1);
    }
  }
}

/** Unfolds what lies above a path, far enough that its line is drawn. */
export function revealPath(value: unknown, folding: JsonFolding, path: string): JsonFolding {
  const open = new Set(folding.open);
  const shown = new Map(folding.shown);
  let node = value;
  let at = '';
  for (const part of path.split('/').slice(1)) {
    open.add(at);
    const index = Array.isArray(node) ? Number(part) : Object.keys(node as object).indexOf(unescapeName(part));
    if (index >= (shown.get(at) ?? CHILDREN_SHOWN)) shown.set(at, index + 1);
    node = (node as Readonly<Record<string, unknown>>)[unescapeName(part)];
    at += `/${part}`;
  }
  return { open, shown };
}

/** The value at a path, or undefined when there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (node, part) =>
        typeof node === 'object' && node !== null
          ? (node as Readonly<Record<string, unknown>>)[unescapeName(part)]
          : undefined,
      value,
    );
}

/** Folds or unfolds a line, or shows more children of the node that the line belongs to. */
export function toggleRow(folding: JsonFolding, row: JsonRow): JsonFolding {
  if (row.kind === 'more') {
    const parent = row.path.slice(0, -2);
    const now = folding.shown.get(parent) ?? CHILDREN_SHOWN;
    return { ...folding, shown: new Map(folding.shown).set(parent, now + CHILDREN_SHOWN * 5) };
  }
  if (row.open === null) return folding;
  const open = new Set(folding.open);
  if (row.open) open.delete(row.path);
  else open.add(row.path);
  return { ...folding, open };
}

function childrenOf(value: unknown, most: number): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.slice(0, most).map((child: unknown, index) => [String(index), child]);
  return Object.entries(value)
    .slice(0, most)
    .map(([name, child]: readonly [string, unknown]) => [escapeName(name), child]);
}

function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

function kindOf(value: unknown): JsonKind {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'object' || kind === 'string' || kind === 'number' || kind === 'boolean' ? kind : 'null';
}

function previewOf(value: unknown, kind: JsonKind, size: number): string {
  switch (kind) {
    case 'object':
      return size === 0 ? '{}' : `{ ${size.toLocaleString('en-US')} }`;
    case 'array':
      return size === 0 ? '[]' : `[ ${size.toLocaleString('en-US')} ]`;
    case 'string': {
      const text = value as string;
      const cut = text.length > PREVIEW_CHARACTERS;
      return `${JSON.stringify(cut ? text.slice(0, PREVIEW_CHARACTERS) : text)}${cut ? '…' : ''}`;
    }
    default:
      return String(value);
  }
}

function escapeName(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function unescapeName(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
