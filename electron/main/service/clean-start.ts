/**
 * Run by Node before the program it is to become: Electron leaves its sockets, locks and pipes open to whatever it starts,
 * and a process that outlives it would keep them from ever closing. Node marks what it inherits to be closed when it
 * becomes another program, up to the first gap in the numbers; what is behind a gap is closed here.
 */
const BECOME_PROGRAM = `
const fs = require('node:fs');
for (const name of fs.readdirSync('/proc/self/fd')) {
  try {
    const flags = /^flags:\\s+([0-7]+)$/m.exec(fs.readFileSync('/proc/self/fdinfo/' + name, 'utf8'));
    if (Number(name) > 2 && flags && (parseInt(flags[1], 8) & 0o2000000) === 0) fs.closeSync(Number(name));
  } catch {
    // Closed meanwhile: it was the one that the list was read through.
  }
}
process.execve(process.execPath, process.argv, process.env);
`;

/**
 * Arguments for Node that run a program with nothing open but stdin, stdout and stderr, under the same process number.
 * On systems that leave nothing open unasked they are just those of the program.
 */
export function cleanStartArguments(programArguments: readonly string[], platform = process.platform): string[] {
  if (platform !== 'linux') return [...programArguments];
  // Becoming another program is experimental in Node 24, which is the Node that is shipped.
  return ['--disable-warning=ExperimentalWarning', '-e', BECOME_PROGRAM, ...programArguments];
}
