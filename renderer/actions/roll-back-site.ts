import type { SiteChange } from '../../electron/contract/control-api.ts';
import { rollBackTo } from '../stores/settings.ts';
import { allowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export const rollBackSiteAction: OperatorAction<SiteChange> = {
  name: 'roll-back-site',
  label: () => 'Roll back to this',
  allowed: () => allowed,
  run: ({ revision }) => rollBackTo(revision),
  done: ({ revision }) => `The site file is as it was at revision ${revision}`,
  confirm: ({ revision, summary }) => ({
    title: `Roll back to revision ${revision}?`,
    text: `The site file becomes what it was after “${summary}”. Servers that differ are changed, added or removed accordingly. This is a change of its own, so it can be rolled back as well.`,
    danger: true,
  }),
};
