import type { ProcessStatus } from '../../electron/contract/site-status.ts';
import { removeServer } from '../stores/servers.ts';
import { allowed, notAllowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export const removeServerAction: OperatorAction<ProcessStatus> = {
  name: 'remove-server',
  label: () => 'Remove',
  allowed: ({ kind }) => (kind === 'server' ? allowed : notAllowed('Only model servers can be removed here.')),
  run: ({ name }) => removeServer(name),
  done: ({ name }) => `${name} was removed`,
  confirm: ({ name, serves }) => ({
    title: `Remove ${name}?`,
    text: `Its process is stopped and it leaves the site file. ${serves.join(', ')} is answered no more unless another server serves it. The change is kept in the history of the site file and can be rolled back there.`,
    danger: true,
  }),
};
