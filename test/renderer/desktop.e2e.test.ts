import { describe, expect, it } from 'vitest';
import { emptyFakeSite, filledFakeSite } from '../fakes/fake-site.ts';
import { expectAccessible, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('desktop window', () => {
  it('asks the desktop app where the service is, and needs no token from the operator', async () => {
    const { page } = await openPage({ path: '/servers', site: filledFakeSite(), desktopChooses: '/srv' });
    await page.getByRole('row', { name: /demo-chat/ }).waitFor();
  });

  it('chooses folders and programs in a dialog', async () => {
    const { page } = await openPage({ path: '/add-server', site: emptyFakeSite(), desktopChooses: '/srv/models/phi' });
    await page.getByRole('button', { name: 'Choose weights folder' }).click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('input')].some((input) => input.value === '/srv/models/phi'),
    );
    await expectAccessible(page);
  });

  it('offers to start a service that is gone, with the reason', async () => {
    const { page, server } = await openPage({ path: '/servers', site: filledFakeSite(), desktopChooses: '/srv' });
    await page.getByRole('row', { name: /demo-chat/ }).waitFor();
    await page.evaluate(() => document.addEventListener('fake-start', () => (document.title = 'asked to start')));
    await server.close();
    await page.evaluate(() => {
      const detail = { state: 'lost', reason: 'It ended with exit code 1.', action: 'Start it again.' };
      document.dispatchEvent(new CustomEvent('fake-serviceLocation', { detail }));
    });
    await page.getByText('It ended with exit code 1.').waitFor();
    await page.getByRole('button', { name: 'Start the service' }).click();
    await page.waitForFunction(() => document.title === 'asked to start');
    expect(await page.getByRole('row', { name: /demo-chat/ }).count()).toBe(1);
    await expectAccessible(page);
  });

  it('goes where a menu item points', async () => {
    const { page } = await openPage({ path: '/', site: filledFakeSite(), desktopChooses: '/srv' });
    await page.getByText('Needs attention').waitFor();
    await page.evaluate(() => document.dispatchEvent(new CustomEvent('fake-navigate', { detail: '/servers' })));
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
  });
});
