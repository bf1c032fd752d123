import type { KeyInfo } from '../../electron/contract/control-api.ts';
import { revokeKey } from '../stores/keys.ts';
import { allowed, notAllowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export const revokeKeyAction: OperatorAction<KeyInfo> = {
  name: 'revoke-key',
  label: () => 'Revoke',
  allowed: ({ revokedAtMs }) => (revokedAtMs === null ? allowed : notAllowed('It is revoked already.')),
  run: ({ name }) => revokeKey(name),
  done: ({ name }) => `${name} is revoked`,
  confirm: ({ name }) => ({
    title: `Revoke ${name}?`,
    text: 'Whoever uses this key is refused from the next request on. It cannot be made valid again; add a new key instead. What it asked stays in the request log.',
    danger: true,
  }),
};
