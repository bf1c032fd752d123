import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driveSite } from '../fixtures/drive-site.ts';
import type { DrivenSite } from '../fixtures/drive-site.ts';
import { isLiving } from '../fixtures/run-processes.ts';
import { makeLastingTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { electronArguments, electronEnvironment, openWindow } from './open-window.ts';
import type { OpenedWindow } from './open-window.ts';
import { ask, goTo, pageChanges } from './page-changes.ts';

let site: DrivenSite;
let window: OpenedWindow;
let removeData: () => void;

beforeAll(async () => {
  const { dir, remove } = makeLastingTempDir();
  removeData = remove;
  site = driveSite(dir);
  window = await openWindow(dir, '--demo');
  await window.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await site.waitForAllReady();
});

afterAll(async () => {
  await window.app.close().catch(() => undefined);
  await site.takeDown();
  removeData();
});

async function pidsOf(): Promise<Record<string, number | null>> {
  return Object.fromEntries((await site.status()).processes.map(({ name, pid }) => [name, pid]));
}

describe('in the window', () => {
  it.each(pageChanges)('$name', async ({ run }) => {
    await run(window.page, site);
    expect(window.faults).toEqual([]);
  });
});

describe('the window', () => {
  it('says that a killed service is gone, starts it again, and finds the same processes', async () => {
    const { page } = window;
    await goTo(page, 'Servers');
    const before = await pidsOf();
    const { pid } = (await site.status()).service;
    const [gateway] = (await site.status()).gateway;
    process.kill(pid, 'SIGKILL');
    const banner = page.getByTestId('service-banner');
    await banner.getByText('The Outpost service is not answering.').waitFor();
    expect(await page.locator('[data-process="demo-chat-server"]').count()).toBe(1);
    const answer = await fetch(`${gateway?.replace(/\/v1$/, '')}/v1/models`);
    expect(answer.status).toBe(200);
    await banner.getByRole('button', { name: 'Start the service' }).click();
    await banner.waitFor({ state: 'detached' });
    await page.getByText('Live', { exact: true }).waitFor();
    const after = await site.waitForAllReady();
    expect(after.service.pid).not.toBe(pid);
    expect(await pidsOf()).toEqual(before);
  });

  it('comes to the front instead of being opened twice', async () => {
    const electron = createRequire(import.meta.url)('electron') as string;
    await window.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize());
    const second = spawn(electron, electronArguments(), { env: electronEnvironment(site.data), stdio: 'ignore' });
    const [code] = (await once(second, 'exit')) as [number | null];
    expect(code).toBe(0);
    const state = await waitFor(
      () =>
        window.app.evaluate(({ BrowserWindow }) => {
          const windows = BrowserWindow.getAllWindows();
          return windows[0]?.isMinimized() === false && windows[0].isVisible() ? { count: windows.length } : null;
        }),
      { what: 'the first window to come back' },
    );
    expect(state).toEqual({ count: 1 });
  });

  it('leaves models and service running when it is closed, and adopts them when it is opened again', async () => {
    const before = await pidsOf();
    const { pid } = (await site.status()).service;
    await window.close();
    expect(isLiving(pid)).toBe(true);
    expect(await ask(site, { model: 'demo-chat', prompt: 'Is anybody there?' })).toMatchObject({ status: 200 });

    window = await openWindow(site.data);
    await window.page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await window.page.getByText('Live', { exact: true }).waitFor();
    expect((await site.status()).service.pid).toBe(pid);
    expect(await pidsOf()).toEqual(before);
  });
});
