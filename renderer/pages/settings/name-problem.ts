import { keyNameSchema, secretNameSchema } from '../../../electron/contract/names.ts';

/** Why a key cannot be named so, or null. */
export function keyNameProblem(name: string, taken: readonly string[]): string | null {
  if (taken.includes(name)) return 'There is a key of this name already, perhaps revoked.';
  return problemOf(keyNameSchema.safeParse(name));
}

/** Why a secret cannot be named so, or null. An existing name is fine: its value is replaced. */
export function secretNameProblem(name: string): string | null {
  return problemOf(secretNameSchema.safeParse(name));
}

function problemOf(result: ReturnType<typeof keyNameSchema.safeParse>): string | null {
  if (result.success) return null;
  const message = result.error.issues[0]?.message ?? 'this name cannot be used';
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
