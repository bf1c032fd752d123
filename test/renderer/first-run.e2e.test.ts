import { describe, expect, it } from 'vitest';
import { firstRunFakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('first run', () => {
  it.each(colorSchemes)('starts the demo and shows its servers come up, in %s', async (colorScheme) => {
    const site = firstRunFakeSite();
    const { page, server } = await openPage({ path: '/', site, colorScheme });
    await page.getByText('their answers are made-up text').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `first-run-${colorScheme}`);
    await page.getByRole('button', { name: 'Try the demo' }).click();
    await page.getByRole('heading', { name: 'Starting the demo' }).waitFor();
    const open = page.getByRole('button', { name: 'Open the Playground' });
    expect(await open.isDisabled()).toBe(true);
    await expectAccessible(page);
    await keepScreenshot(page, `first-run-demo-${colorScheme}`);
    site.processes = site.processes.map((process) => ({ ...process, actual: 'ready' }));
    server.changed();
    await page.getByRole('heading', { name: 'The demo is running' }).waitFor();
    await open.click();
    await page.waitForURL('**/playground');
    expect(server.calls).toContainEqual({ name: 'startSite', input: { kind: 'demo', author: 'browser' } });
  });

  it('sets up a site of real servers', async () => {
    const site = firstRunFakeSite();
    const { page } = await openPage({ path: '/', site });
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Give the site a name').waitFor();
    await page.getByLabel('Name of this site').fill('Lab 7');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Add a server' }).waitFor();
    expect(site.name).toBe('Lab 7');
  });

  it('says why the site could not be written', async () => {
    const { page } = await openPage({ path: '/', site: firstRunFakeSite(), failing: ['startSite'] });
    await page.getByRole('button', { name: 'Try the demo' }).click();
    await page.getByText('The disk is full.').waitFor();
    await page.getByRole('heading', { name: 'Welcome to Outpost' }).waitFor();
  });
});
