import pino from 'pino';
import { openLogOutput } from '../base/log-output.ts';
import { outpostError } from '../contract/outpost-error.ts';
import type { OutpostError } from '../contract/outpost-error.ts';
import { isDiskFailure } from './operations/guard-disk.ts';
import { parseFlags } from './parse-flags.ts';
import { printReadyLine } from './ready-line.ts';
import { startService } from './service.ts';

const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, openLogOutput(2));

function failWith(error: OutpostError, exitCode: number): void {
  log.fatal(error.action === undefined ? error.message : `${error.message} ${error.action}`);
  process.stdout.write(`${JSON.stringify({ error: { ...error, action: error.action ?? null } })}\n`);
  process.exitCode = exitCode;
}

// A reader of the output that goes away must not take the service with it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
process.on('uncaughtException', (error) => {
  if (isDiskFailure(error)) {
    const message = `The service cannot write to its data directory: ${error.message}.`;
    const action = 'Models and gateway go on. Check free space and permissions there, then start the service again.';
    failWith(outpostError('DISK_WRITE_FAILED', message, action), 1);
    process.exit();
  }
  log.fatal(error, 'The service ends because of an error in Outpost.');
  const message = `The service has failed: ${error.message}`;
  failWith(outpostError('INTERNAL', message, 'Models and gateway go on; start the service again.', error.stack), 1);
  process.exit();
});

const flags = parseFlags(process.argv.slice(2));
if (!flags.ok) failWith(flags.error, 2);
else {
  let end: (why: string) => void = () => process.exit(0);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => end('The service ends. Models and gateway go on.'));
  }
  const started = await startService(flags.value, log, () => end('Everything is stopped; the service ends.'));
  if (!started.ok) failWith(started.error, 1);
  else {
    const { control, token, gateway, dataRoot, end: endService } = started.value;
    end = (why) => {
      log.info(why);
      void endService().then(
        () => process.exit(0),
        (error: unknown) => {
          const action = 'Models and gateway go on; nothing of the service is left running.';
          failWith(outpostError('INTERNAL', `The service did not end in order: ${String(error)}.`, action), 1);
          process.exit();
        },
      );
    };
    printReadyLine({ control, token, gateway, data: dataRoot });
    log.info(`Outpost is ready. Control: ${control}  Gateway: ${gateway ?? 'none yet, there is no site'}`);
  }
}
