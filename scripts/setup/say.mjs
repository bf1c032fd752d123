/** Launcher talk: always on stderr, since stdout belongs to the program that is launched. */
export function say(text) {
  process.stderr.write(`outpost: ${text}\n`);
}

/** Something the operator has to act on; scripts print its message without a stack. */
export class SetupError extends Error {}

/** Runs a script's main function; what it returns becomes the exit code. */
export async function runScript(main) {
  try {
    const code = await main();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    say(error instanceof SetupError ? error.message : (error.stack ?? String(error)));
    process.exitCode = 1;
  }
}
