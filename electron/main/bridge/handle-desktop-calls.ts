import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import type { DesktopCalls, DesktopEvents } from '../../contract/desktop-bridge.ts';
import { desktopCallNames, desktopChannel } from '../../contract/desktop-bridge.ts';
import type { Log } from '../log.ts';
import { isAppUrl } from '../shell/app-origin.ts';
import { desktopArguments } from './desktop-arguments.ts';

/** Where a call came from, as far as it matters for trusting it. */
export interface CallSender {
  /** The frame that called, or null when it is gone. */
  readonly frame: { readonly url: string } | null;
  /** The main frame of our own window, or null when there is none. */
  readonly trustedFrame: { readonly url: string } | null;
}

/** Answers the page's calls. A call from elsewhere or with other arguments is logged and refused. */
export function handleDesktopCalls(
  ipc: Pick<IpcMain, 'handle'>,
  calls: DesktopCalls,
  trusted: () => WebContents | null,
  log: Log,
): void {
  for (const name of desktopCallNames) {
    ipc.handle(desktopChannel(name), (event: IpcMainInvokeEvent, ...args: unknown[]) => {
      const sender = { frame: event.senderFrame, trustedFrame: trusted()?.mainFrame ?? null };
      const reason = refusalOf(name, sender, args);
      if (reason !== null) {
        log(`the call ${name} is refused: ${reason}`);
        throw new Error(`The call ${name} is refused: ${reason}.`);
      }
      // The arguments were just checked against what this very call takes.
      return (calls[name] as (...args: readonly unknown[]) => Promise<unknown>)(...args);
    });
  }
}

/** Why a call is refused, or null when it is not. */
export function refusalOf(name: keyof DesktopCalls, sender: CallSender, args: readonly unknown[]): string | null {
  if (sender.frame === null || sender.frame !== sender.trustedFrame) return 'it does not come from the window’s page';
  if (!isAppUrl(sender.frame.url)) return `it comes from ${sender.frame.url}`;
  return desktopArguments[name](args) ? null : 'its arguments are not what it takes';
}

export function sendDesktopEvent<K extends keyof DesktopEvents>(
  contents: WebContents | null,
  event: K,
  value: DesktopEvents[K],
): void {
  if (contents && !contents.isDestroyed()) contents.send(desktopChannel(event), value);
}
