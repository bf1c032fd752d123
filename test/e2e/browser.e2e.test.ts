import { chromium } from 'playwright';
import type { Browser, BrowserContext, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { chromiumPath } from '../fixtures/chromium-path.ts';
import { makeSite } from '../fixtures/running-site.ts';
import type { RunningSite } from '../fixtures/running-site.ts';
import { makeLastingTempDir } from '../fixtures/temp-dir.ts';
import { pageChanges } from './page-changes.ts';

let browser: Browser;
let site: RunningSite;
let removeData: () => void;

beforeAll(async () => {
  const { dir, remove } = makeLastingTempDir();
  removeData = remove;
  site = makeSite(dir, ['--demo']);
  await site.serve();
  browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  await site.waitForAllReady();
});

afterAll(async () => {
  await browser?.close();
  await site.takeDown();
  removeData();
});

/** A page of its own context; the test fails when the page throws or breaks its content security policy. */
async function openPage(): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  return { context, page };
}

describe('in a browser', () => {
  it('takes the token out of the address and stays signed in', async () => {
    const { page } = await openPage();
    await page.goto(`${site.ready.control}/#token=${site.ready.token}`);
    await page.getByText('Live', { exact: true }).waitFor();
    expect(page.url()).not.toContain(site.ready.token);
    await page.reload();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
    expect(await page.getByText('Sign in to Outpost').count()).toBe(0);
  });

  it('asks for the token when there is none or a wrong one, and lets in with the right one', async () => {
    const { page } = await openPage();
    await page.goto(`${site.ready.control}/#token=wrong`);
    await page.getByRole('heading', { name: 'Sign in to Outpost' }).waitFor();
    await page.locator('input[type=password]').fill('still-wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('does not know this token').waitFor();
    await page.locator('input[type=password]').fill(site.ready.token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  });

  it.each(pageChanges)('$name', async ({ run }) => {
    const { page } = await openPage();
    await page.goto(`${site.ready.control}/#token=${site.ready.token}`);
    await run(page, site);
  });
});
