/** What a command sees of the world it was typed in; tests hand in their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdoutIsTty: boolean;
  readonly stderrIsTty: boolean;
  readonly stdinIsTty: boolean;
  /** Width of stdout in characters, or null when it is not a terminal. */
  readonly columns: number | null;
  /** Writes to stdout; resolves when more may be written, so that a slow reader holds the writer back. */
  write(text: string): Promise<void>;
  writeError(text: string): void;
  /** All of stdin, until its end. */
  readInput(): Promise<string>;
  /** Asks on the terminal without showing what is typed; null when the operator gives up (Ctrl-C, Ctrl-D). */
  askHidden(question: string): Promise<string | null>;
  /** Calls back on Ctrl-C or SIGTERM instead of ending the program; the returned function undoes it. */
  onInterrupt(listener: () => void): () => void;
}

/** The terminal this process was started in. Output that nobody reads any more (`| head`) ends the program quietly. */
export function systemTerminal(): Terminal {
  const { stdin, stdout, stderr } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Without a reader of errors there is nobody left to tell.
  stderr.on('error', () => undefined);
  return {
    env: process.env,
    stdoutIsTty: stdout.isTTY === true,
    stderrIsTty: stderr.isTTY === true,
    stdinIsTty: stdin.isTTY === true,
    columns: stdout.isTTY === true ? stdout.columns : null,
    write: (text) => new Promise((resolve) => stdout.write(text, () => resolve())),
    writeError: (text) => void stderr.write(text),
    async readInput() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    askHidden,
    onInterrupt(listener) {
      process.on('SIGINT', listener);
      process.on('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
  };
}

function askHidden(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  return new Promise((resolve) => {
    let typed = '';
    const end = (answer: string | null) => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      resolve(answer);
    };
    const onData = (text: string | Buffer) => {
      for (const character of String(text)) {
        if (character === '\r' || character === '\n') return end(typed);
        if (character === '\u0003' || character === '\u0004') return end(null);
        if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('');
        else typed += character;
      }
    };
    stdin.on('data', onData);
    stdin.resume();
  });
}
