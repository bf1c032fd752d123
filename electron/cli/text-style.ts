import type { Terminal } from './terminal.ts';

export type Tone = 'good' | 'warning' | 'bad' | 'quiet' | 'strong';

/** Colours a text; what it means is always said by words or symbols as well. */
export type TextStyle = (tone: Tone, text: string) => string;

const codes: Record<Tone, readonly [number, number]> = {
  good: [32, 39],
  warning: [33, 39],
  bad: [31, 39],
  quiet: [2, 22],
  strong: [1, 22],
};

/** Colours only on a terminal that wants them: see no-color.org. */
export function textStyle({ env, stdoutIsTty }: Pick<Terminal, 'env' | 'stdoutIsTty'>): TextStyle {
  if (!stdoutIsTty || env['NO_COLOR'] || env['TERM'] === 'dumb') return (_tone, text) => text;
  return (tone, text) => `\u001b[${codes[tone][0]}m${text}\u001b[${codes[tone][1]}m`;
}
