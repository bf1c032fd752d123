import { diffArrays } from 'diff';

/**
 * Applies what changed between two renderings of a document to the operator's own text, so that lines nobody edited keep
 * their spacing and alignment. Null when a change touches lines that cannot be found again in the original.
 */
export function mergeEdit(original: string, rendered: string, edited: string): string | null {
  const originalLines = toLines(original);
  const renderedLines = toLines(rendered);
  const places = matchLines(originalLines, renderedLines);
  const merged: string[] = [];
  let copiedTo = 0;
  let at = 0;
  const parts = diffArrays(renderedLines, toLines(edited));
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (!part) break;
    if (!part.added && !part.removed) {
      at += part.value.length;
      continue;
    }
    const removed = part.removed ? part.value.length : 0;
    const following = parts[index + 1];
    const added = part.added ? part.value : following?.added ? following.value : [];
    if (part.removed && following?.added) index++;
    const from = boundary(places, at, originalLines.length);
    const to = removed === 0 ? from : boundary(places, at + removed, originalLines.length);
    if (from === null || to === null || from < copiedTo || to < from) return null;
    merged.push(...originalLines.slice(copiedTo, from));
    merged.push(...added.map((line) => reindent(line, at, originalLines, renderedLines, places)));
    copiedTo = to;
    at += removed;
  }
  merged.push(...originalLines.slice(copiedTo));
  return merged.join('\n');
}

function toLines(text: string): string[] {
  return text.split('\n');
}

/** For each rendered line the index of the original line it came from, or -1. */
function matchLines(original: readonly string[], rendered: readonly string[]): readonly number[] {
  const places: number[] = [];
  let index = 0;
  for (const part of diffArrays(original.map(withoutSpacing), rendered.map(withoutSpacing))) {
    if (part.added) places.push(...part.value.map(() => -1));
    else if (part.removed) index += part.value.length;
    else for (const _line of part.value) places.push(index++);
  }
  return places;
}

/** What of a line rendering never changes. */
function withoutSpacing(line: string): string {
  return line.replaceAll(/\s+/g, '');
}

/** An added line with the indentation that the operator uses at this place. */
function reindent(
  line: string,
  at: number,
  original: readonly string[],
  rendered: readonly string[],
  places: readonly number[],
): string {
  const indent = indentOf(line);
  for (let index = Math.min(at, rendered.length - 1); index >= 0; index--) {
    const model = rendered[index] ?? '';
    const place = places[index] ?? -1;
    if (place < 0 || model.trim() === '' || indentOf(model) > indent) continue;
    return ' '.repeat(indentOf(original[place] ?? '') + indent - indentOf(model)) + line.slice(indent);
  }
  return line;
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length;
}

/** Index in the original at which the rendered line `at` begins. */
function boundary(places: readonly number[], at: number, originalLength: number): number | null {
  if (at >= places.length) return originalLength;
  const own = places[at] ?? -1;
  if (own >= 0) return own;
  const before = at === 0 ? -1 : (places[at - 1] ?? -1);
  return before >= 0 ? before + 1 : null;
}
