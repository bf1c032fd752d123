/**
 * A tokenizer without a vocabulary file: every token id is computed from its text and back.
 *
 * | ids | text |
 * | --- | --- |
 * | 0 to 5 | special tokens of the chat template |
 * | 16 to 271 | one byte of UTF-8 |
 * | 272 to 286 | a run of 2 to 16 spaces |
 * | 287 to 1386 | two or three digits |
 * | from 1387 | up to four letters, lower, Capital or UPPER case, with or without one leading space |
 *
 * The pattern looks only forward and never beyond the token, so the tokens of a text cut at a token boundary are a prefix
 * of the tokens of the whole text. That is what makes `max_tokens`, `usage` and `/tokenize` agree to the token.
 */
export const specialTokens = [
  '<|endoftext|>',
  '<|system|>',
  '<|user|>',
  '<|assistant|>',
  '<|tool|>',
  '<|end|>',
] as const;

const byteBase = 16;
const spaceBase = byteBase + 256;
const longestSpaceRun = 16;
const digitBase = spaceBase + longestSpaceRun - 1;
const letterBase = digitBase + 100 + 1000;
/** Where pieces of one, two, three and four letters begin among the pieces of one kind. */
const lengthOffsets = [0, 26, 26 + 676, 26 + 676 + 17576] as const;
const piecesPerKind = 26 + 676 + 17576 + 456976;
const letterCases = ['lower', 'capital', 'upper'] as const;

/** One more than the largest token id. */
export const vocabularySize = letterBase + 2 * letterCases.length * piecesPerKind;

const tokenPattern =
  /(<\|(?:endoftext|system|user|assistant|tool|end)\|>)|( ?)([A-Z]{2,4}|[A-Za-z][a-z]{0,3})|([0-9]{2,3})|( {2,16})|[\s\S]/gu;

/** The token ids of a text. Lone surrogates become U+FFFD; everything else comes back unchanged from `decode`. */
export function encode(text: string): number[] {
  const ids: number[] = [];
  for (const match of text.matchAll(tokenPattern)) {
    const [piece, special, space, letters, digits, spaces] = match;
    if (special !== undefined) ids.push(specialTokenId(special));
    else if (letters !== undefined) ids.push(letterId(letters, space === ' '));
    else if (digits !== undefined) ids.push(digitBase + (digits.length === 2 ? 0 : 100) + Number(digits));
    else if (spaces !== undefined) ids.push(spaceBase + spaces.length - 2);
    else for (const byte of Buffer.from(piece, 'utf8')) ids.push(byteBase + byte);
  }
  return ids;
}

/** The text of token ids, or null when one of them is no token. Broken UTF-8 becomes U+FFFD. */
export function decode(ids: readonly number[]): string | null {
  let bytes = '';
  for (const id of ids) {
    const piece = tokenBytes(id);
    if (piece === null) return null;
    bytes += piece;
  }
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

export function isTokenId(id: unknown): id is number {
  return typeof id === 'number' && Number.isInteger(id) && tokenBytes(id) !== null;
}

export function specialTokenId(token: string): number {
  const id = (specialTokens as readonly string[]).indexOf(token);
  if (id < 0) throw new Error(`${token} is not a special token`);
  return id;
}

/** The bytes of a token, one character each; null when the id is no token. */
function tokenBytes(id: number): string | null {
  if (id < 0 || id >= vocabularySize) return null;
  const special = specialTokens[id];
  if (special !== undefined) return special;
  if (id < byteBase) return null;
  if (id < spaceBase) return String.fromCharCode(id - byteBase);
  if (id < digitBase) return ' '.repeat(id - spaceBase + 2);
  if (id < digitBase + 100) return String(id - digitBase).padStart(2, '0');
  if (id < letterBase) return String(id - digitBase - 100).padStart(3, '0');
  return letterText(id - letterBase);
}

function letterId(letters: string, hasSpace: boolean): number {
  const lower = letters.toLowerCase();
  const letterCase = letters === lower ? 0 : letters.length > 1 && letters === letters.toUpperCase() ? 2 : 1;
  let value = 0;
  for (let index = 0; index < lower.length; index += 1) value = value * 26 + lower.charCodeAt(index) - 97;
  const kind = (hasSpace ? letterCases.length : 0) + letterCase;
  return letterBase + kind * piecesPerKind + (lengthOffsets[letters.length - 1] ?? 0) + value;
}

function letterText(offset: number): string {
  const kind = Math.floor(offset / piecesPerKind);
  let value = offset % piecesPerKind;
  let length = 4;
  while (length > 1 && value < (lengthOffsets[length - 1] ?? 0)) length -= 1;
  value -= lengthOffsets[length - 1] ?? 0;
  let letters = '';
  for (let index = 0; index < length; index += 1) {
    letters = String.fromCharCode(97 + (value % 26)) + letters;
    value = Math.floor(value / 26);
  }
  const letterCase = letterCases[kind % letterCases.length];
  const cased =
    letterCase === 'upper'
      ? letters.toUpperCase()
      : letterCase === 'capital'
        ? letters.slice(0, 1).toUpperCase() + letters.slice(1)
        : letters;
  return (kind >= letterCases.length ? ' ' : '') + cased;
}
