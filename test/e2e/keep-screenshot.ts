import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SCREENSHOTS = path.join(ROOT, 'test-results', 'screenshots');

/** Keeps a picture of the page under test-results/screenshots. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}

/** The same for a picture of the documents: with OUTPOST_KEEP_IMAGES=1 it also becomes docs/images/NAME.png. */
export async function keepImage(page: Page, name: string): Promise<void> {
  await keepScreenshot(page, name);
  if (process.env.OUTPOST_KEEP_IMAGES !== '1') return;
  const images = path.join(ROOT, 'docs', 'images');
  await mkdir(images, { recursive: true });
  await copyFile(path.join(SCREENSHOTS, `${name}.png`), path.join(images, `${name}.png`));
}
