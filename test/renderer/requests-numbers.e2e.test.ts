import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { manyFakeRequests } from '../fakes/fake-requests.ts';
import { filledFakeSite } from '../fakes/fake-site.ts';
import type { FakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

const COUNT = 450;

function busySite(more: Partial<FakeSite> = {}): FakeSite {
  return { ...filledFakeSite(), requests: manyFakeRequests(COUNT), ...more };
}

const numbers = (page: Page) => page.getByRole('region', { name: 'Requests over time' });
const legend = (page: Page) => page.getByRole('list', { name: 'Requests in the chart' });
const legendTexts = (page: Page) => legend(page).getByRole('listitem').allInnerTexts();

function legendOf(requests: FakeSite['requests']): readonly string[] {
  const count = (state: string) => requests.filter((row) => row.state === state).length;
  return [
    `OK ${count('ok')}`,
    `Running ${count('running')}`,
    `Cancelled ${count('cancelled')}`,
    `Rejected ${count('rejected')}`,
    `Error ${count('error')}`,
  ];
}

describe('the numbers above the requests', () => {
  it.each(colorSchemes)('follow the filter, in %s', async (colorScheme) => {
    const site = busySite();
    const { page } = await openPage({ path: '/requests', site, colorScheme });
    await page.getByText(`${COUNT} requests, 5.8 % errors`).waitFor();
    expect(await legendTexts(page)).toEqual(legendOf(site.requests));
    await page.getByText('Requests over time, last 24 hours').waitFor();
    await page.getByText(/^Duration p50 \d+ ms, p95 \d+ ms; TTFT p50 \d+ ms, p95 \d+ ms$/).waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `requests-numbers-${colorScheme}`);

    const failed = site.requests.filter(({ state }) => state === 'error');
    await page.getByLabel('State').selectOption('error');
    await page.getByText(`${failed.length} requests, 100 % errors`).waitFor();
    await expect.poll(() => legendTexts(page)).toEqual(legendOf(failed));

    const code = failed.filter(({ model }) => model === 'demo-code');
    await page.getByLabel('Model').selectOption('demo-code');
    await page.getByText(`${code.length} requests, 100 % errors`).waitFor();
    await expect.poll(() => legendTexts(page)).toEqual(legendOf(code));

    await page.getByLabel('Time range').selectOption('1h');
    await numbers(page).getByText('last 24 hours').waitFor({ state: 'detached' });
    await page.getByText('Requests over time', { exact: true }).waitFor();
    await page.getByLabel('State').selectOption('rejected');
    await page.getByText('Duration p50 0.8 ms, p95 0.8 ms', { exact: true }).waitFor();
    await expectAccessible(page);
  });

  it.each(colorSchemes)('say why they cannot be read, and are read again, in %s', async (colorScheme) => {
    const failing: ('requestHistogram' | 'requestTotals')[] = ['requestHistogram', 'requestTotals'];
    const { page } = await openPage({ path: '/requests', site: busySite(), colorScheme, failing });
    await numbers(page).getByText('The disk is full.').waitFor();
    expect(await numbers(page).getByRole('alert').count()).toBe(1);
    expect(await page.getByTestId('request-histogram').count()).toBe(0);
    await page.getByText('100 shown, more match').waitFor();
    await expectAccessible(page);
    failing.length = 0;
    await numbers(page).getByRole('button', { name: 'Try again' }).click();
    await page.getByTestId('request-histogram').waitFor();
    await page.getByText(`${COUNT} requests, 5.8 % errors`).waitFor();
    expect(await numbers(page).getByRole('alert').count()).toBe(0);
  });

  it('keep the chart when only the totals cannot be read', async () => {
    const { page } = await openPage({ path: '/requests', site: busySite(), failing: ['requestTotals'] });
    await numbers(page).getByText('The disk is full.').waitFor();
    await page.getByTestId('request-histogram').waitFor();
    await expectAccessible(page);
  });

  it('are not those of the filter before when the new ones cannot be read', async () => {
    const failing: 'requestHistogram'[] = ['requestHistogram'];
    const { page } = await openPage({ path: '/requests', site: busySite(), failing });
    await numbers(page).getByText('The disk is full.').waitFor();
    failing.length = 0;
    await numbers(page).getByRole('button', { name: 'Try again' }).click();
    await page.getByTestId('request-histogram').waitFor();
    failing.push('requestHistogram');
    await page.getByLabel('State').selectOption('error');
    await numbers(page).getByText('The disk is full.').waitFor();
    expect(await page.getByTestId('request-histogram').count()).toBe(0);
  });

  it.each(colorSchemes)('say once what they leave out, in %s', async (colorScheme) => {
    const warning = 'The requests of 2026-11-20 could not be counted.';
    const { page } = await openPage({
      path: '/requests',
      site: busySite({ requestWarnings: [warning] }),
      colorScheme,
    });
    await page.getByTestId('request-histogram').waitFor();
    await numbers(page).getByText(warning).waitFor();
    expect(await page.getByText(warning).count()).toBe(1);
    await expectAccessible(page);
  });
});
