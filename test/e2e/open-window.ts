import path from 'node:path';
import { _electron } from 'playwright';
import type { ElectronApplication, Page } from 'playwright';
import { expect } from 'vitest';
import { isLiving } from '../fixtures/run-processes.ts';
import { waitFor } from '../fixtures/wait-for.ts';

/** A script that throws while it loads makes Electron wait behind an error box. */
const LAUNCH_WITHIN_MS = 60_000;
const ROOT = path.resolve(import.meta.dirname, '../..');

export interface OpenedWindow {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Every address the page has asked for. */
  readonly requested: readonly string[];
  /** Faults of the page that the test has looked at are taken out of here. */
  readonly faults: string[];
  /** What the app wrote to stderr. */
  stderr(): string;
  /** Closes the window as its operator would, which ends the app; fails when the page had faults. */
  close(): Promise<void>;
}

/** Where the app is and how it is started; in a data directory of its own. */
export function electronArguments(): string[] {
  return [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ROOT];
}

export function electronEnvironment(data: string): Record<string, string> {
  const { ELECTRON_RUN_AS_NODE: _asNode, ...env } = process.env as Record<string, string>;
  return { ...env, OUTPOST_DATA: data };
}

/** Starts the app from this checkout and waits for its window. Needs a display and an Electron (see scripts/test.mjs). */
export async function openWindow(data: string, ...args: readonly string[]): Promise<OpenedWindow> {
  const app = await _electron.launch({
    args: [...electronArguments(), ...args],
    env: electronEnvironment(data),
    cwd: ROOT,
    timeout: LAUNCH_WITHIN_MS,
  });
  let stderr = '';
  app.process().stderr?.on('data', (text: Buffer) => (stderr += text.toString()));
  const page = await app.firstWindow({ timeout: LAUNCH_WITHIN_MS });
  const requested: string[] = [];
  const faults: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('websocket', (socket) => requested.push(socket.url()));
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  const pid = app.process().pid ?? 0;
  return {
    app,
    page,
    requested,
    faults,
    stderr: () => stderr,
    async close() {
      await page.close();
      await waitFor(() => !isLiving(pid), { what: 'the app to end after its window was closed' });
      expect(faults).toEqual([]);
    },
  };
}
