import { productVersion } from '../base/program-files.ts';
import { runCli } from './run-cli.ts';
import { systemTerminal } from './terminal.ts';

const exitCode = await runCli(process.argv.slice(2), systemTerminal(), productVersion());
// Once its output is written, nothing that is still open (a connection being closed, stdin) holds the command back.
process.stdout.write('', () => process.exit(exitCode));
