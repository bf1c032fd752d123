import type { RequestFacts } from './request-facts.ts';

export interface BodyEdit {
  /** The model to be named in place of the one asked for, or null to leave it. */
  readonly model: string | null;
  /** Whether to ask for the token counts of a stream (`stream_options.include_usage`). */
  readonly askForUsage: boolean;
}

/** Whether token counts can be asked for without changing anything that the client set itself. */
export function canAskForUsage(facts: RequestFacts): boolean {
  return facts.stream && facts.streamOptions !== 'given';
}

/** The body with the edits made; every other byte stays, and without edits it is the same buffer. */
export function editBody(body: Buffer, facts: RequestFacts, edit: BodyEdit): Buffer {
  const changes: { start: number; end: number; text: string }[] = [];
  const additions: string[] = [];
  if (edit.model !== null) {
    const text = JSON.stringify(edit.model);
    for (const range of facts.modelRanges) changes.push({ ...range, text });
    if (facts.modelRanges.length === 0) additions.push(`"model":${text}`);
  }
  if (edit.askForUsage && canAskForUsage(facts)) {
    if (typeof facts.streamOptions === 'object') {
      changes.push({ ...facts.streamOptions, text: '{"include_usage":true}' });
    } else {
      additions.push('"stream_options":{"include_usage":true}');
    }
  }
  if (additions.length > 0) {
    const text = additions.join(',') + (facts.isEmpty ? '' : ',');
    changes.push({ start: facts.insideAt, end: facts.insideAt, text });
  }
  if (changes.length === 0) return body;
  changes.sort((a, b) => a.start - b.start);
  const parts: Buffer[] = [];
  let at = 0;
  for (const change of changes) {
    parts.push(body.subarray(at, change.start), Buffer.from(change.text));
    at = change.end;
  }
  parts.push(body.subarray(at));
  return Buffer.concat(parts);
}
