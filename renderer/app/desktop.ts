import type { DesktopBridge } from '../../electron/contract/desktop-bridge.ts';

declare global {
  interface Window {
    readonly outpostDesktop?: DesktopBridge;
  }
}

/** The desktop window's bridge, or null in an ordinary browser. */
export function desktopBridge(): DesktopBridge | null {
  return window.outpostDesktop ?? null;
}

/** Who this page is in the change history. */
export function changeAuthor(): 'window' | 'browser' {
  return desktopBridge() ? 'window' : 'browser';
}

/** Puts text on the clipboard; false when the browser does not let the page. */
export async function copyText(text: string): Promise<boolean> {
  const bridge = desktopBridge();
  if (bridge) {
    await bridge.copyText(text);
    return true;
  }
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Not allowed here; the older way below may be.
    }
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
}
