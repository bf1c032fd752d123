import { stopEverything } from '../stores/settings.ts';
import { allowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

/** The one action that stops models and gateway; closing the window never does. */
export const stopEverythingAction: OperatorAction<{ readonly running: number }> = {
  name: 'stop-everything',
  label: () => 'Stop everything',
  allowed: () => allowed,
  run: () => stopEverything(),
  done: () => 'Everything has stopped',
  confirm: ({ running }) => ({
    title: 'Stop everything?',
    text: `The gateway and all model servers (${running} processes run now) are stopped, then the Outpost service ends. Clients get no answer and nothing is recorded until Outpost is started again. Requests under way are given time to finish. The request log, the logs and all settings stay. Closing the window instead stops nothing.`,
    danger: true,
  }),
};
