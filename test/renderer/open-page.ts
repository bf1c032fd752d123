import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Axe from 'axe-core';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { rendererDir } from '../../electron/base/program-files.ts';
import { chromiumPath } from '../fixtures/chromium-path.ts';
import { startFakeControlServer } from '../fakes/fake-control-server.ts';
import type { FakeControlOptions, FakeControlServer } from '../fakes/fake-control-server.ts';

const SCREENSHOTS = path.resolve(import.meta.dirname, '../../test-results/renderer');
const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export type ColorScheme = 'light' | 'dark';
export const colorSchemes: readonly ColorScheme[] = ['light', 'dark'];

let browser: Browser | null = null;

/** Starts Chromium once for the tests of a file: `OUTPOST_CHROMIUM`, else the one on the PATH. */
export function useBrowser(): void {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
    browser = null;
  });
}

export interface OpenOptions extends Omit<FakeControlOptions, 'rendererDir'> {
  readonly path: string;
  readonly colorScheme?: ColorScheme;
  readonly width?: number;
  readonly height?: number;
  /** Opens the page without a token. */
  readonly signedOut?: boolean;
  /** Opens it as the desktop window does, with a bridge that chooses this path in every dialog. */
  readonly desktopChooses?: string;
}

export interface OpenedPage {
  readonly page: Page;
  readonly server: FakeControlServer;
}

/** Opens a page on a fake service. The test fails when the page throws or breaks its content security policy. */
export async function openPage(options: OpenOptions): Promise<OpenedPage> {
  const server = await startFakeControlServer({ ...options, rendererDir: rendererDir() });
  if (!browser) throw new Error('The file calls useBrowser before its tests.');
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) faults.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    await server.close().catch(() => undefined);
    expect(faults).toEqual([]);
  });
  if (options.desktopChooses !== undefined) {
    await page.addInitScript(addFakeBridge, {
      control: server.control,
      token: server.token,
      chosen: options.desktopChooses,
    });
  }
  const withoutToken = options.signedOut === true || options.desktopChooses !== undefined;
  await page.goto(withoutToken ? `${server.control}${options.path}` : server.url(options.path));
  // The browser may tell a new page of the emulated colours only after it has begun to draw.
  await page.waitForFunction(
    (scheme) =>
      matchMedia(`(prefers-color-scheme: ${scheme})`).matches &&
      document.documentElement.dataset['mantineColorScheme'] === scheme,
    options.colorScheme ?? 'light',
  );
  return { page, server };
}

interface FakeBridge {
  readonly control: string;
  readonly token: string;
  readonly chosen: string;
}

/** Runs in the page before its own scripts; an event "fake-navigate" or "fake-serviceLocation" is one from the desktop app. */
function addFakeBridge({ control, token, chosen }: FakeBridge): void {
  const ready = { state: 'ready', control, token };
  const bridge = {
    serviceLocation: async () => ready,
    startService: async () => {
      document.dispatchEvent(new CustomEvent('fake-start'));
      return ready;
    },
    chooseFolder: async () => chosen,
    chooseFile: async () => chosen,
    showDataFolder: async () => undefined,
    copyText: async (text: string) => navigator.clipboard.writeText(text),
    on: (name: string, listener: (value: unknown) => void) => {
      const hear = (event: Event) => listener((event as CustomEvent).detail);
      document.addEventListener(`fake-${name}`, hear);
      return () => document.removeEventListener(`fake-${name}`, hear);
    },
  };
  Object.defineProperty(window, 'outpostDesktop', { value: bridge });
}

/** Expects no violation of WCAG level A or AA; the message names each with its element. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(AXE_SOURCE);
  await drawnToTheEnd(page);
  const violations = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { readonly axe: typeof Axe };
    const result = await axe.run({ runOnly: [...tags] });
    return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
  }, TAGS);
  expect(violations).toEqual([]);
}

/** Colours are judged when nothing moves any more: halfway through a fade no contrast is right. */
async function drawnToTheEnd(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await nextFrame();
    await nextFrame();
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** Keeps a picture of the page under test-results/renderer. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });
}
