export type TextSegment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly code: string; readonly language: string | null };

/** A line that opens or closes a block of code in Markdown: at least three backticks or tildes. */
const fence = /^ {0,3}(`{3,}|~{3,})\s*([^\s`]*)[^`]*$/;

/** Splits what a model wrote into text and fenced blocks of code; a block that was cut off ends with the text. */
export function splitCodeBlocks(text: string): readonly TextSegment[] {
  const segments: TextSegment[] = [];
  let lines: string[] = [];
  let open: { readonly mark: string; readonly language: string | null } | null = null;
  const end = () => {
    if (open) segments.push({ kind: 'code', code: lines.join('\n'), language: open.language });
    else if (lines.some((line) => line.trim() !== '')) segments.push({ kind: 'text', text: lines.join('\n') });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const [, mark, language] = fence.exec(line) ?? [];
    if (mark === undefined) {
      lines.push(line);
    } else if (!open) {
      end();
      open = { mark, language: language || null };
    } else if (mark[0] === open.mark[0] && mark.length >= open.mark.length && !language) {
      end();
      open = null;
    } else {
      lines.push(line);
    }
  }
  if (open && lines.length === 0) return segments;
  end();
  return segments;
}
