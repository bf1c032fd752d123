import type { ProcessStatus } from '../../electron/contract/site-status.ts';
import { restartProcess } from '../stores/servers.ts';
import { allowed, notAllowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export const restartProcessAction: OperatorAction<ProcessStatus> = {
  name: 'restart-process',
  label: () => 'Restart',
  allowed: ({ actual }) => {
    if (actual === 'stopped' || actual === 'failed') return notAllowed('It does not run; use Start.');
    if (actual === 'stopping') return notAllowed('It is stopping; wait until it has stopped.');
    return allowed;
  },
  run: ({ name }) => restartProcess(name),
  done: ({ name }) => `${name} was restarted and is ready`,
  confirm: ({ name, kind }) => ({
    title: `Restart ${name}?`,
    text:
      kind === 'gateway'
        ? 'Clients lose their connections for a moment; requests in flight are recorded as failed.'
        : 'It is given time to finish requests in flight, then starts again. Until it is ready it answers nothing.',
    danger: false,
  }),
};
