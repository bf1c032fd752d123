import { describe, expect, it } from 'vitest';
import { emptyFakeSite, filledFakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('features', () => {
  it.each(colorSchemes)('lists every feature with what serves it, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/features', site: filledFakeSite(), colorScheme });
    await page.locator('[data-feature="duo_chat"]').getByText('Ready').waitFor();
    expect(await page.locator('[data-feature]').count()).toBe(21);
    await page.locator('[data-feature="review_merge_request"]').getByText('Requests fail until').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `features-${colorScheme}`);
  });

  it('saves an assignment at once and says that it is in force', async () => {
    const { page, server } = await openPage({ path: '/features', site: filledFakeSite() });
    const row = page.locator('[data-feature="code_generations"]');
    await row.getByRole('combobox').selectOption('demo-code');
    await row.getByText('Saved and in force').waitFor();
    await row.getByRole('link', { name: 'demo-code' }).waitFor();
    expect(server.calls).toContainEqual({
      name: 'setFeature',
      input: { feature: 'code_generations', setting: 'demo-code', author: 'browser' },
    });
    await row.getByRole('combobox').selectOption('Unassigned');
    await row.getByText('Unassigned').last().waitFor();
  });

  it('says why an assignment was not saved and keeps the one before', async () => {
    const { page } = await openPage({ path: '/features', site: filledFakeSite(), failing: ['setFeature'] });
    const row = page.locator('[data-feature="duo_chat"]');
    await row.getByRole('combobox').selectOption('disabled');
    await row.getByText('Not saved').waitFor();
    await page.getByText('The disk is full.').waitFor();
    expect(await row.getByRole('combobox').inputValue()).toBe('demo-chat');
    await expectAccessible(page);
  });

  it('assigns a whole group after asking', async () => {
    const { page, server } = await openPage({ path: '/features', site: filledFakeSite() });
    await page.getByLabel('Model for all features of Code Suggestions').selectOption('demo-chat');
    await page.getByRole('button', { name: 'Set all 2 features of Code Suggestions' }).click();
    await page.getByRole('dialog').getByText('All 2 features of this group').waitFor();
    await expectAccessible(page);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Set all 2/ })
      .click();
    await page.getByText('2 features are served by demo-chat').waitFor();
    expect(server.calls.filter(({ name }) => name === 'setFeature')).toHaveLength(2);
  });

  it('filters by words', async () => {
    const { page } = await openPage({ path: '/features', site: filledFakeSite() });
    await page.getByLabel('Filter features').fill('code completion');
    await page.locator('[data-feature="duo_chat"]').waitFor({ state: 'detached' });
    expect(await page.locator('[data-feature]').count()).toBe(1);
    await page.getByLabel('Filter features').fill('nothing has this');
    await page.getByText('No feature matches').waitFor();
    await expectAccessible(page);
  });

  it.each(colorSchemes)('says what to do when no model is served, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/features', site: emptyFakeSite(), colorScheme });
    await page.getByText('No model is served').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `features-empty-${colorScheme}`);
  });

  it('shows that it is loading, and why it failed with a way on', async () => {
    const { page } = await openPage({ path: '/features', site: filledFakeSite(), hold: ['features'] });
    await page.getByText('Loading features…').waitFor();
    await expectAccessible(page);
    const failed = await openPage({ path: '/features', site: filledFakeSite(), failing: ['features'] });
    await failed.page.getByRole('button', { name: 'Try again' }).waitFor();
    await expectAccessible(failed.page);
  });
});
