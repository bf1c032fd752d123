import { localStorageColorSchemeManager } from '@mantine/core';
import type { MantineColorScheme } from '@mantine/core';

const STORAGE_KEY = 'outpost-color-scheme';

export const colorSchemes: readonly { readonly value: MantineColorScheme; readonly label: string }[] = [
  { value: 'auto', label: 'Like the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** Keeps the operator's choice in this browser or window. */
export function createColorSchemeManager() {
  return localStorageColorSchemeManager({ key: STORAGE_KEY });
}

/** Sets the colours before the first paint of the page; the policy for scripts allows no inline script to do it. */
export function applyStoredColorScheme(): void {
  const chosen = createColorSchemeManager().get('auto');
  const dark = chosen === 'dark' || (chosen === 'auto' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}
