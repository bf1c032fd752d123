import type { SecretInfo } from '../../electron/contract/control-api.ts';
import { removeSecret } from '../stores/secrets.ts';
import { allowed } from './operator-action.ts';
import type { OperatorAction } from './operator-action.ts';

export const removeSecretAction: OperatorAction<SecretInfo> = {
  name: 'remove-secret',
  label: () => 'Remove',
  allowed: () => allowed,
  run: ({ name }) => removeSecret(name),
  done: ({ name }) => `${name} was removed`,
  confirm: ({ name, usedBy }) => ({
    title: `Remove the secret ${name}?`,
    text:
      usedBy.length === 0
        ? 'The site file does not refer to it. Its value is gone for good.'
        : `The site file refers to it at ${usedBy.join(', ')}. What runs keeps the value it has; the next start there fails until it is set again.`,
    danger: true,
  }),
};
