import type { ProcessStatus } from '../../electron/contract/site-status.ts';
import { stopProcess } from '../stores/servers.ts';
import { allowed, notAllowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export const stopProcessAction: OperatorAction<ProcessStatus> = {
  name: 'stop-process',
  label: () => 'Stop',
  allowed: ({ actual, wanted }) => {
    if (actual === 'stopping') return notAllowed('It is stopping already.');
    if (actual === 'stopped' && wanted === 'stopped') return notAllowed('It is stopped already.');
    if (actual === 'stopped') return notAllowed('It does not run.');
    return allowed;
  },
  run: ({ name }) => stopProcess(name),
  done: ({ name }) => `${name} has stopped`,
  confirm: (process) => ({ title: `Stop ${process.name}?`, text: whatStopping(process), danger: true }),
};

function whatStopping({ kind, serves }: ProcessStatus): string {
  if (kind === 'gateway') {
    return 'Every client loses its connection, and no request is answered or recorded until the gateway is started again. Model servers keep running.';
  }
  if (kind === 'server') {
    return `Requests in flight are given time to finish. Until it is started again, ${serves.join(', ')} is answered only if another server serves it.`;
  }
  return 'It is given time to finish what it does and stays stopped until it is started again.';
}
