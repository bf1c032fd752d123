/** Where a value lies in a body: byte offsets, end exclusive, without surrounding white space. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export type ObjectScan =
  | {
      readonly valid: true;
      /** Whether the text is an object at all; if not, there are no ranges. */
      readonly isObject: boolean;
      /** Offset just behind the opening brace. */
      readonly insideAt: number;
      /** Whether the object has no member. */
      readonly isEmpty: boolean;
      /** Values of the wanted top-level keys, in the order of the text; a repeated key has several. */
      readonly ranges: ReadonlyMap<string, readonly ByteRange[]>;
    }
  | { readonly valid: false; readonly position: number; readonly problem: string };

const MAX_DEPTH = 1000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;

const modes = { value: 0, firstValue: 1, key: 2, firstKey: 3, after: 4 } as const;

/**
 * Walks over JSON text once, without building anything, and says whether it is valid (as JSON.parse would) and where the
 * values of some top-level keys are. That is all routing needs, and it lets a body be edited without touching another byte.
 */
export function scanObject(bytes: Uint8Array, wantedKeys: readonly string[]): ObjectScan {
  const ranges = new Map<string, ByteRange[]>();
  const length = bytes.length;
  /** Per open container: true for an object. */
  const isObjectAt: boolean[] = [];
  let depth = 0;
  let at = 0;
  let mode: number = modes.value;
  let wanted: string | null = null;
  let valueStart = 0;
  let isEmpty = true;
  let insideAt = 0;

  const invalid = (position: number, problem: string): ObjectScan => ({ valid: false, position, problem });
  const valueEnded = (): void => {
    mode = modes.after;
    if (depth !== 1 || wanted === null) return;
    const list = ranges.get(wanted);
    if (list) list.push({ start: valueStart, end: at });
    else ranges.set(wanted, [{ start: valueStart, end: at }]);
    wanted = null;
  };

  for (;;) {
    let byte = bytes[at];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
    if (mode === modes.after) {
      if (depth === 0) {
        if (at < length) return invalid(at, 'unexpected text after the end');
        const isObject = bytes[insideAt - 1] === OPEN_BRACE && insideAt > 0;
        return { valid: true, isObject, insideAt, isEmpty, ranges };
      }
      const inObject = isObjectAt[depth - 1] === true;
      if (byte === COMMA) {
        mode = inObject ? modes.key : modes.value;
        at += 1;
      } else if (byte === (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
        at += 1;
        depth -= 1;
        valueEnded();
      } else {
        return invalid(at, `expected "," or "${inObject ? '}' : ']'}"`);
      }
      continue;
    }
    if (mode === modes.key || mode === modes.firstKey) {
      if (byte === CLOSE_BRACE && mode === modes.firstKey) {
        at += 1;
        depth -= 1;
        valueEnded();
        continue;
      }
      if (byte !== QUOTE) return invalid(at, 'expected a key in double quotes');
      const keyStart = at;
      at = skipString(bytes, at);
      if (at < 0) return invalid(~at, stringProblem);
      if (depth === 1) {
        isEmpty = false;
        wanted = wantedKey(bytes, keyStart, at, wantedKeys);
      }
      byte = bytes[at];
      while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
      if (byte !== COLON) return invalid(at, 'expected ":" after a key');
      at += 1;
      mode = modes.value;
      continue;
    }
    if (byte === CLOSE_BRACKET && mode === modes.firstValue) {
      at += 1;
      depth -= 1;
      valueEnded();
      continue;
    }
    if (byte === undefined) return invalid(at, 'the text ends too early');
    if (depth === 1) valueStart = at;
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      if (at < 0) return invalid(~at, stringProblem);
      valueEnded();
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (depth === MAX_DEPTH) return invalid(at, `nested deeper than ${MAX_DEPTH} levels`);
      isObjectAt[depth] = byte === OPEN_BRACE;
      depth += 1;
      at += 1;
      if (depth === 1 && byte === OPEN_BRACE) insideAt = at;
      mode = byte === OPEN_BRACE ? modes.firstKey : modes.firstValue;
    } else {
      const end = skipScalar(bytes, at);
      if (end < 0) return invalid(~end, 'expected a value');
      at = end;
      valueEnded();
    }
  }
}

const stringProblem = 'a string is not closed, or has a control character or a wrong escape';

/** End of the string that starts at `start`, or the complement of where it is wrong. */
function skipString(bytes: Uint8Array, start: number): number {
  const length = bytes.length;
  let at = start + 1;
  while (at < length) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return ~at;
    if (byte !== BACKSLASH) {
      at += 1;
      continue;
    }
    const escaped = bytes[at + 1];
    if (escaped === 0x75) {
      for (let digit = at + 2; digit < at + 6; digit += 1) {
        if (!isHexDigit(bytes[digit])) return ~Math.min(digit, length);
      }
      at += 6;
    } else if (escaped !== undefined && SIMPLE_ESCAPES.has(escaped)) {
      at += 2;
    } else {
      return ~Math.min(at + 1, length);
    }
  }
  return ~length;
}

/** The bytes of `"\/bfnrt`. */
const SIMPLE_ESCAPES = new Set([0x22, 0x5c, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);

function isHexDigit(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** End of the number or literal at `start`, or the complement of where it is wrong. */
function skipScalar(bytes: Uint8Array, start: number): number {
  const byte = bytes[start];
  if (byte === 0x74) return skipLiteral(bytes, start, 'true');
  if (byte === 0x66) return skipLiteral(bytes, start, 'false');
  if (byte === 0x6e) return skipLiteral(bytes, start, 'null');
  let at = byte === 0x2d ? start + 1 : start;
  if (bytes[at] === 0x30) at += 1;
  else {
    const end = skipDigits(bytes, at);
    if (end === at) return ~at;
    at = end;
  }
  if (bytes[at] === 0x2e) {
    const end = skipDigits(bytes, at + 1);
    if (end === at + 1) return ~end;
    at = end;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    const sign = bytes[at + 1];
    const digits = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
    const end = skipDigits(bytes, digits);
    if (end === digits) return ~end;
    at = end;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at += 1;
  return at;
}

function skipLiteral(bytes: Uint8Array, start: number, literal: string): number {
  for (let index = 1; index < literal.length; index += 1) {
    if (bytes[start + index] !== literal.charCodeAt(index)) return ~Math.min(start + index, bytes.length);
  }
  return start + literal.length;
}

/** The wanted key that the quoted text from `start` to `end` spells, also when it is spelt with escapes, or null. */
function wantedKey(bytes: Uint8Array, start: number, end: number, wantedKeys: readonly string[]): string | null {
  let hasEscape = false;
  for (let at = start + 1; at < end - 1 && !hasEscape; at += 1) hasEscape = bytes[at] === BACKSLASH;
  if (hasEscape) {
    const key: unknown = JSON.parse(Buffer.from(bytes.subarray(start, end)).toString('utf8'));
    return wantedKeys.find((wanted) => wanted === key) ?? null;
  }
  const length = end - start - 2;
  for (const wanted of wantedKeys) {
    if (wanted.length !== length) continue;
    let index = 0;
    while (index < length && bytes[start + 1 + index] === wanted.charCodeAt(index)) index += 1;
    if (index === length) return wanted;
  }
  return null;
}
