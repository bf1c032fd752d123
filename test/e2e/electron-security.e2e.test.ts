import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driveSite } from '../fixtures/drive-site.ts';
import type { DrivenSite } from '../fixtures/drive-site.ts';
import { makeLastingTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { openWindow } from './open-window.ts';
import type { OpenedWindow } from './open-window.ts';

let site: DrivenSite;
let window: OpenedWindow;
let removeData: () => void;

beforeAll(async () => {
  const { dir, remove } = makeLastingTempDir();
  removeData = remove;
  site = driveSite(dir);
  window = await openWindow(dir);
  await window.page.getByRole('heading', { name: 'Welcome to Outpost' }).waitFor();
});

afterAll(async () => {
  await window.app.close().catch(() => undefined);
  await site.takeDown();
  removeData();
});

/** Runs a script as part of the page itself: what the debugger evaluates is not held to the page's policy. */
async function whatPolicyBlocks(act: () => void): Promise<string> {
  return window.page.evaluate(async (source) => {
    const blocked = new Promise<string>((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), {
        once: true,
      });
    });
    const run = new Function(`(${source})()`);
    run();
    return blocked;
  }, act.toString());
}

describe('the page in the window', () => {
  it('has nothing of Node and one bridge to the desktop', async () => {
    const found = await window.page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter((name) => name in globalThis),
      bridge: Object.keys((globalThis as unknown as { outpostDesktop: object }).outpostDesktop).sort(),
      origin: location.origin,
      isSecure: isSecureContext,
    }));
    expect(found).toEqual({
      node: [],
      bridge: ['chooseFile', 'chooseFolder', 'copyText', 'on', 'serviceLocation', 'showDataFolder', 'startService'],
      origin: 'app://outpost',
      isSecure: true,
    });
  });

  it('is isolated from the preload script and sandboxed', async () => {
    const preferences = await window.app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as {
        getLastWebPreferences(): Record<string, unknown>;
      };
      const { contextIsolation, nodeIntegration, sandbox, webSecurity } = contents.getLastWebPreferences();
      return { contextIsolation, nodeIntegration, sandbox, webSecurity };
    });
    expect(preferences).toEqual({ contextIsolation: true, nodeIntegration: false, sandbox: true, webSecurity: true });
  });

  it('cannot open another window', async () => {
    expect(await window.page.evaluate(() => globalThis.open('https://example.com/') === null)).toBe(true);
    expect(await window.page.evaluate(() => globalThis.open('app://outpost/servers') === null)).toBe(true);
    expect(await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    await waitFor(() => window.stderr().includes('refused: a new window for https://example.com/'));
  });

  it('cannot go anywhere else', async () => {
    await window.page.evaluate(() => {
      location.href = 'https://example.com/elsewhere';
    });
    await waitFor(() => window.stderr().includes('refused: going to https://example.com/elsewhere'));
    expect(window.page.url()).toMatch(/^app:\/\/outpost\//);
    // Asked in the page itself: the refused step is one that Playwright would wait for.
    expect(await window.page.evaluate(() => document.querySelector('h1')?.textContent)).toBe('Welcome to Outpost');
  });

  it('is granted no permission', async () => {
    const answers = await window.page.evaluate(async () => ({
      notifications: await Notification.requestPermission(),
      camera: await navigator.mediaDevices.getUserMedia({ video: true }).then(
        () => 'granted',
        (error: Error) => error.name,
      ),
      geolocation: await new Promise<string>((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('granted'),
          () => resolve('denied'),
        );
      }),
    }));
    expect(answers).toMatchObject({ notifications: 'denied', geolocation: 'denied' });
    expect(answers.camera).not.toBe('granted');
  });

  it('runs no code but its own files', async () => {
    expect(
      await whatPolicyBlocks(() => {
        const script = document.createElement('script');
        script.textContent = 'globalThis.ranInline = true';
        document.head.append(script);
      }),
    ).toMatch(/^script-src/);
    expect(
      await whatPolicyBlocks(() => {
        const script = document.createElement('script');
        script.src = 'https://example.com/code.js';
        document.head.append(script);
      }),
    ).toMatch(/^script-src/);
    expect(
      await whatPolicyBlocks(() => {
        // A string as a timer's function is compiled like eval, in a task of the page's own.
        setTimeout('globalThis.ranEval = true', 0);
      }),
    ).toMatch(/^script-src/);
    expect(await window.page.evaluate(() => ['ranInline', 'ranEval'].filter((name) => name in globalThis))).toEqual([]);
    window.faults.length = 0;
  });

  it('asks this machine only', async () => {
    const fetched = await window.page.evaluate(() =>
      fetch('https://example.com/').then(
        () => 'answered',
        () => 'refused',
      ),
    );
    expect(fetched).toBe('refused');
    const elsewhere = window.requested.filter(
      (url) => !/^(app:\/\/outpost\/|(http|ws):\/\/127\.0\.0\.1:\d+\/|data:|blob:)/.test(url),
    );
    expect(elsewhere.filter((url) => !url.startsWith('https://example.com/'))).toEqual([]);
    window.faults.length = 0;
  });
});
