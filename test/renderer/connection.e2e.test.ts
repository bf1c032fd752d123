import { describe, expect, it } from 'vitest';
import { rendererDir } from '../../electron/base/program-files.ts';
import { startFakeControlServer } from '../fakes/fake-control-server.ts';
import { filledFakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('connection', () => {
  it.each(colorSchemes)('asks for the token when the page has none, in %s', async (colorScheme) => {
    const { page, server } = await openPage({ path: '/servers', site: filledFakeSite(), signedOut: true, colorScheme });
    await page.getByRole('heading', { name: 'Sign in to Outpost' }).waitFor();
    await page.getByRole('textbox', { name: 'Token' }).fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('does not know this token').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `sign-in-${colorScheme}`);
    await page.getByRole('textbox', { name: 'Token' }).fill(server.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
  });

  it('asks for the token when the one in the address is wrong', async () => {
    const { page, server } = await openPage({ path: '/', site: filledFakeSite(), signedOut: true });
    await page.goto('about:blank');
    await page.goto(`${server.control}/#token=wrong`);
    await page.getByText('does not know this token').waitFor();
  });

  it('takes the token out of the address and keeps it over a reload', async () => {
    const { page, server } = await openPage({ path: '/servers', site: filledFakeSite() });
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(page.url()).toBe(`${server.control}/servers`);
    await page.reload();
    await page.getByRole('row', { name: /demo-chat/ }).waitFor();
  });

  it.each(colorSchemes)(
    'says that the service is gone, keeps what it showed, and comes back, in %s',
    async (scheme) => {
      const site = filledFakeSite();
      const { page, server } = await openPage({ path: '/servers', site, colorScheme: scheme });
      await page.getByRole('row', { name: /demo-chat/ }).waitFor();
      await server.close();
      await page.getByText('The Outpost service is not answering.').waitFor();
      await page.getByText('Not live', { exact: true }).waitFor();
      expect(await page.getByRole('row', { name: /demo-chat/ }).count()).toBe(1);
      await expectAccessible(page);
      await keepScreenshot(page, `service-lost-${scheme}`);

      site.name = 'Lab 5';
      const next = await startFakeControlServer({ site, rendererDir: rendererDir(), port: server.port });
      try {
        await page.getByTestId('service-banner').waitFor({ state: 'detached' });
        await page.getByText('Lab 5').waitFor();
      } finally {
        await next.close();
      }
    },
  );

  it('says that there is no such page', async () => {
    const { page } = await openPage({ path: '/nowhere', site: filledFakeSite() });
    await page.getByText('There is no page at /nowhere').waitFor();
    await expectAccessible(page);
  });

  it('keeps the chosen colours over a reload', async () => {
    const { page } = await openPage({ path: '/', site: filledFakeSite() });
    await page.getByRole('button', { name: 'Colours' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await page.getByText('Needs attention').waitFor();
    expect(await page.evaluate(() => document.documentElement.dataset['mantineColorScheme'])).toBe('dark');
  });
});
