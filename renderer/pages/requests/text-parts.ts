/** Characters of a part; what a page draws at once without a pause that anybody notices. */
export const PART_CHARACTERS = 100_000;

export function countParts(text: string): number {
  return Math.max(1, Math.ceil(text.length / PART_CHARACTERS));
}

/** A part of a text, from 0; the parts together are the text, and none cuts a character in two. */
export function partOf(text: string, part: number): string {
  return text.slice(boundary(text, part), boundary(text, part + 1));
}

function boundary(text: string, part: number): number {
  const at = Math.min(text.length, part * PART_CHARACTERS);
  const before = text.charCodeAt(at - 1);
  // After the first half of a surrogate pair the second one still belongs to the part.
  return before >= 0xd800 && before <= 0xdbff ? at + 1 : at;
}
