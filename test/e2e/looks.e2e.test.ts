import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath } from '../fixtures/chromium-path.ts';
import { makeSite } from '../fixtures/running-site.ts';
import type { RunningSite } from '../fixtures/running-site.ts';
import { makeLastingTempDir } from '../fixtures/temp-dir.ts';
import { expectAccessible } from '../renderer/open-page.ts';
import { keepScreenshot } from './keep-screenshot.ts';
import { ask } from './page-changes.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;
const schemes = ['light', 'dark'] as const;

interface LookedAt {
  readonly name: string;
  readonly path: string;
  /** Makes sure that the page is filled, and brings it into the state to look at. */
  readonly arrive: (page: Page) => Promise<unknown>;
}

const pages: readonly LookedAt[] = [
  {
    name: 'overview',
    path: '/',
    arrive: (page) =>
      page
        .getByTestId('events')
        .getByText(/is ready/)
        .first()
        .waitFor(),
  },
  { name: 'servers', path: '/servers', arrive: (page) => page.locator('[data-process="gateway"]').waitFor() },
  {
    name: 'server',
    path: '/servers/demo-chat-server',
    arrive: (page) => page.getByRole('heading', { name: 'demo-chat-server', level: 1 }).waitFor(),
  },
  {
    name: 'server-log',
    path: '/servers/demo-chat-server/log',
    arrive: (page) => page.getByTestId('log-terminal').getByText('APIServer').first().waitFor(),
  },
  {
    name: 'server-runs',
    path: '/servers/demo-chat-server/runs',
    arrive: (page) => page.getByRole('link', { name: 'Log of run 1' }).waitFor(),
  },
  {
    name: 'server-configuration',
    path: '/servers/demo-chat-server/configuration',
    arrive: (page) => page.getByRole('region', { name: 'command', exact: true }).waitFor(),
  },
  {
    name: 'add-server',
    path: '/add-server',
    arrive: (page) => page.getByRole('button', { name: 'Add server' }).waitFor(),
  },
  { name: 'features', path: '/features', arrive: (page) => page.locator('[data-feature="duo_chat"]').waitFor() },
  { name: 'requests', path: '/requests', arrive: (page) => page.getByRole('gridcell').first().waitFor() },
  {
    name: 'request',
    path: '/requests',
    arrive: async (page) => {
      await page.getByRole('gridcell').getByText('OK', { exact: true }).first().click();
      await page
        .getByTestId('request-detail')
        .getByText(/ in all$/)
        .waitFor();
    },
  },
  {
    name: 'playground',
    path: '/playground',
    arrive: async (page) => {
      await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Write a haiku about a lighthouse.');
      await page.getByRole('button', { name: 'Send' }).click();
      await page.getByRole('link', { name: 'Show in Requests' }).waitFor();
    },
  },
  { name: 'settings-keys', path: '/settings/keys', arrive: (page) => page.locator('[data-key]').first().waitFor() },
  {
    name: 'settings-request-log',
    path: '/settings/request-log',
    arrive: (page) => page.getByText('Retention').waitFor(),
  },
  { name: 'settings-secrets', path: '/settings/secrets', arrive: (page) => page.locator('[data-secret]').waitFor() },
  {
    name: 'settings-site-file',
    path: '/settings/site-file',
    arrive: (page) => page.locator('[data-revision]').first().waitFor(),
  },
  { name: 'settings-about', path: '/settings/about', arrive: (page) => page.getByText('Data folder').waitFor() },
];

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
  const { value } = await site.outpost<{ key: string }>('keys', 'add', 'gitlab');
  await site.outpost('features', 'set', 'review_merge_request', 'demo-code');
  await setSecret('hub');
  for (const prompt of ['Explain this stack trace.', 'Write a test for the parser.', 'Summarize the merge request.']) {
    await ask(site, { model: 'demo-chat', prompt }, { key: value.key });
    await ask(site, { model: 'any', prompt }, { key: value.key, path: '/features/code_generations/v1' });
  }
  await ask(site, { model: 'no-such-model', prompt: 'hello' }, { key: value.key });
});

afterAll(async () => {
  await browser?.close();
  await site.takeDown();
  removeData();
});

async function setSecret(name: string): Promise<void> {
  const result = await site.outpostWithInput('not-a-real-value\n', 'secrets', 'set', name);
  expect(result.code).toBe(0);
}

describe.each(schemes)('in %s', (colorScheme) => {
  it.each(pages)('$name is accessible and pictured', async ({ name, path, arrive }) => {
    const context = await browser.newContext({ viewport: sizes[0], colorScheme, reducedMotion: 'reduce' });
    try {
      const page = await context.newPage();
      await page.goto(`${site.ready.control}${path}#token=${site.ready.token}`);
      await arrive(page);
      await expectAccessible(page);
      for (const size of sizes) {
        await page.setViewportSize(size);
        // Tables choose their columns when they hear of their new width, which is after the next frame.
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await keepScreenshot(page, `${name}-${size.width}-${colorScheme}`);
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
        expect(sideways).toBe(false);
      }
    } finally {
      await context.close();
    }
  });
});
