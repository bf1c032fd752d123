import type { DesktopCalls } from '../../contract/desktop-bridge.ts';

type ArgumentChecks = {
  readonly [K in keyof DesktopCalls]: (args: readonly unknown[]) => args is Parameters<DesktopCalls[K]>;
};

/** What one copy to the clipboard may hold, in characters: more than any request body that is shown. */
const MAX_COPIED = 64 * 1024 * 1024;
const MAX_TITLE = 200;

/** Whether what a page sent is what a call takes, for each call of the bridge. */
export const desktopArguments: ArgumentChecks = {
  serviceLocation: isNothing,
  startService: isNothing,
  chooseFolder: isOneText(MAX_TITLE),
  chooseFile: isOneText(MAX_TITLE),
  showDataFolder: isNothing,
  copyText: isOneText(MAX_COPIED),
};

function isNothing(args: readonly unknown[]): args is [] {
  return args.length === 0;
}

function isOneText(maxLength: number) {
  return (args: readonly unknown[]): args is [string] =>
    args.length === 1 && typeof args[0] === 'string' && args[0].length <= maxLength;
}
