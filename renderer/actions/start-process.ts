import type { ProcessStatus } from '../../electron/contract/site-status.ts';
import { startProcess } from '../stores/servers.ts';
import { allowed, notAllowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export const startProcessAction: OperatorAction<ProcessStatus> = {
  name: 'start-process',
  label: () => 'Start',
  allowed: ({ actual }) => {
    switch (actual) {
      case 'stopped':
      case 'failed':
      case 'backing-off':
      case 'lost':
        return allowed;
      case 'stopping':
        return notAllowed('It is stopping; wait until it has stopped.');
      case 'starting':
        return notAllowed('It is starting already.');
      default:
        return notAllowed('It is running already.');
    }
  },
  run: ({ name }) => startProcess(name),
  done: ({ name }) => `${name} is ready`,
  confirm: null,
};
