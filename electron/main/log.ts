/** Writes a line to stderr, where whoever started the app from a terminal or a journal finds it. */
export type Log = (message: string) => void;

export function stderrLog(): Log {
  // A closed terminal must not end the app.
  process.stderr.on('error', () => undefined);
  return (message) => void process.stderr.write(`outpost window: ${message}\n`);
}
