import { describe, expect, it } from 'vitest';
import { addEvent } from '../fakes/fake-operations.ts';
import { emptyFakeSite, filledFakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('overview', () => {
  it.each(colorSchemes)('shows what runs, what does not and why, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/', site: filledFakeSite(), colorScheme });
    await page.getByText('CUDA out of memory".').waitFor();
    await page.getByText('mistral-small failed').waitFor();
    await page.getByText('690').waitFor();
    expect(await page.title()).toBe('Overview · Lab 4 · Outpost');
    await expectAccessible(page);
    await keepScreenshot(page, `overview-filled-${colorScheme}`);
  });

  it.each(colorSchemes)('says what to do when there is no server, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/', site: emptyFakeSite(), colorScheme });
    await page.getByText('No model server yet').waitFor();
    await page.getByText('Nothing has happened yet').waitFor();
    await page.getByText('No NVIDIA driver was found').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `overview-empty-${colorScheme}`);
  });

  it.each(colorSchemes)('shows that it is loading, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/', site: filledFakeSite(), hold: ['traffic', 'events'], colorScheme });
    await page.getByText('Loading events').waitFor({ state: 'attached' });
    await expectAccessible(page);
    await keepScreenshot(page, `overview-loading-${colorScheme}`);
  });

  it.each(colorSchemes)('says what cannot be read and offers to try again, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/', site: filledFakeSite(), failing: ['traffic', 'events'], colorScheme });
    await page.getByText('The disk is full.').waitFor();
    await page.getByText('Outpost could not read the events').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(2);
    await expectAccessible(page);
    await keepScreenshot(page, `overview-failed-${colorScheme}`);
  });

  it('starts a failed server from its card and takes the card away when it is ready', async () => {
    const { page, server } = await openPage({ path: '/', site: filledFakeSite() });
    await page.getByRole('button', { name: 'Start mistral-small' }).click();
    await page.getByText('mistral-small is ready', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Start mistral-small' }).waitFor({ state: 'detached' });
    expect(server.calls).toContainEqual({ name: 'startProcess', input: 'mistral-small' });
  });

  it('shows an event as it happens', async () => {
    const site = emptyFakeSite();
    const { page, server } = await openPage({ path: '/', site });
    await page.getByText('Nothing has happened yet').waitFor();
    addEvent(site, 'The gateway was restarted.');
    server.changed();
    await page.getByTestId('events').getByText('The gateway was restarted.').waitFor();
  });

  it('names the lines of a site file that is not in force', async () => {
    const site = filledFakeSite();
    site.problems = [{ line: 12, column: 5, path: 'servers[0].port', reason: 'must be at most 65535' }];
    const { page } = await openPage({ path: '/', site });
    await page.getByText('Line 12, servers[0].port: must be at most 65535').waitFor();
    await page.getByText('revision 7').waitFor();
    await expectAccessible(page);
  });
});
