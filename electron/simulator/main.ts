import { parseFlags } from './flags.ts';
import { createLog } from './log.ts';
import { Simulator } from './simulator.ts';

const outcome = parseFlags(process.argv.slice(2), process.env);
switch (outcome.kind) {
  case 'help':
    process.stdout.write(outcome.text);
    break;
  case 'error':
    process.stderr.write(outcome.text);
    process.exitCode = 2;
    break;
  case 'run': {
    for (const stream of [process.stdout, process.stderr]) {
      // A reader of the log that goes away must not take the server with it.
      stream.on('error', () => undefined);
    }
    const log = createLog(
      { stdout: (text) => process.stdout.write(text), stderr: (text) => process.stderr.write(text) },
      process.pid,
      () => new Date(),
    );
    const simulator = new Simulator({ options: outcome.options, log, exit: (code) => process.exit(code) });
    process.on('SIGTERM', () => simulator.stop('SIGTERM'));
    process.on('SIGINT', () => simulator.stop('SIGINT'));
    await simulator.start();
    break;
  }
}
