// Everything a terminal could act on, except tab, newline and, as one match, a sequence that sets colours.
// eslint-disable-next-line no-control-regex
const actsOnTerminal = /\u001b\[[\d;:]*m|\r\n|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/**
 * Text of others made safe to show on a terminal: what would move the cursor, change the title or answer back is
 * replaced by a visible sign; tabs, line ends and colours stay.
 */
export function harmlessText(text: string): string {
  return text.replace(actsOnTerminal, (found) => {
    if (found === '\r\n') return '\n';
    if (found.length > 1) return found;
    const code = found.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** The same for one cell of a table or one line: without colours, tabs and line ends as well. */
export function harmlessLine(text: string): string {
  // eslint-disable-next-line no-control-regex
  return harmlessText(text.replace(/\u001b\[[\d;:]*m/g, '').replace(/\s+/g, ' '));
}
