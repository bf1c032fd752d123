import { isUtf8 } from 'node:buffer';
import type { GatewayLogConfig } from '../contract/site-schema.ts';
import type { FrameSections } from './frame.ts';

/** Replaces what the operator's rules match. Works on one text; every rule sees what the rules before it left. */
export type Redact = (text: string) => string;

/** The rules as one function, or null when there are none. Rules are checked when the site file is read. */
export function compileRedaction(rules: GatewayLogConfig['redact']): Redact | null {
  if (rules.length === 0) return null;
  const compiled = rules.map(({ pattern, replacement }) => ({
    expression: new RegExp(pattern, 'g'),
    // A function, so that "$1" in a replacement is text and not a reference.
    replace: () => replacement,
  }));
  return (text) => compiled.reduce((rest, { expression, replace }) => rest.replace(expression, replace), text);
}

/**
 * The sections of a frame with every rule applied. Bodies that are not UTF-8 cannot be searched for secrets, so they are
 * left out; `droppedBinary` says so.
 */
export function redactSections(
  sections: FrameSections,
  redact: Redact,
): { readonly sections: FrameSections; readonly droppedBinary: boolean } {
  let droppedBinary = false;
  const apply = (bytes: Uint8Array | null): Uint8Array | null => {
    if (bytes === null) return null;
    if (!isUtf8(bytes)) {
      droppedBinary = true;
      return null;
    }
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
    const redacted = redact(text);
    return redacted === text ? bytes : Buffer.from(redacted, 'utf8');
  };
  return {
    sections: {
      requestBody: apply(sections.requestBody),
      responseBody: apply(sections.responseBody),
      details: redactDetails(sections.details, redact),
      promptText: apply(sections.promptText),
      answerText: apply(sections.answerText),
    },
    droppedBinary,
  };
}

/** Header values are redacted one by one, so that the JSON around them stays whole. */
function redactDetails(details: Uint8Array | null, redact: Redact): Uint8Array | null {
  if (details === null) return null;
  const parsed: unknown = JSON.parse(Buffer.from(details.buffer, details.byteOffset, details.length).toString('utf8'));
  const redacted = JSON.stringify(parsed, (_name, value: unknown) =>
    typeof value === 'string' ? redact(value) : value,
  );
  return Buffer.from(redacted, 'utf8');
}
