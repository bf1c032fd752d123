import { access } from 'node:fs/promises';
import { setPriority } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../../contract/assert-never.ts';
import { Maintenance } from './maintenance.ts';
import type { FromMaintenance, MaintenanceStart, ToMaintenance, WriterDuty } from './messages.ts';

/** Far enough below requests that they win wherever both want the processor. */
const NICENESS = 15;

/** Runs the maintenance thread until it is told to stop. */
export function runMaintenance(port: MessagePort, start: MaintenanceStart): void {
  const post = (message: FromMaintenance): void => port.postMessage(message);
  const answers: (() => void)[] = [];
  const ask = (duty: WriterDuty): Promise<void> =>
    new Promise((resolve) => {
      answers.push(resolve);
      post(duty);
    });
  const maintenance = new Maintenance(
    {
      directory: start.directory,
      ask,
      warn: (warning) => post({ type: 'warning', warning }),
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
    },
    start.settings,
  );
  port.on('message', (message: ToMaintenance) => {
    switch (message.type) {
      case 'committed':
        return maintenance.noteCommitted(message.work);
      case 'configure':
        return maintenance.configure(message.settings);
      case 'done':
        return answers.shift()?.();
      case 'stop':
        return maintenance.stop();
      default:
        return assertNever(message, 'message to the maintenance thread');
    }
  });
  void lowerPriority(start.directory)
    .then(() => maintenance.run())
    .finally(() => port.close());
}

/** Lowers the priority of this thread alone. */
async function lowerPriority(directory: string): Promise<void> {
  // Linux alone keeps a priority for each thread; elsewhere this would slow down the whole gateway.
  if (process.platform !== 'linux') return;
  // New threads inherit it. Using the thread pool once makes sure that its threads, which all share, exist already.
  await access(directory);
  setPriority(0, NICENESS);
}
