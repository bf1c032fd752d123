/**
 * Turns what the service says about an input it refuses into one line: the schema library lists each problem with a
 * cross, and under it with an arrow where it is.
 */
export function explainInvalidInput(message: string): string {
  const line = message
    .replace(/\n\s*→ at ([^\n]+)/g, ' ($1)')
    .replace(/\n\s*✖ /g, '; ')
    .replace('✖ ', '')
    .replace(/\s+/g, ' ')
    .trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
