import { describe, expect, it } from 'vitest';
import { emptyFakeSite, fakeChange, filledFakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('keys', () => {
  it.each(colorSchemes)('adds a key and shows it once, in %s', async (colorScheme) => {
    const { page, server } = await openPage({ path: '/settings', site: filledFakeSite(), colorScheme });
    await page.getByLabel('Name').fill('gitlab');
    await page.keyboard.press('Enter');
    await page.getByText('Copy this key now').waitFor();
    await page.getByRole('region', { name: 'key of gitlab', exact: true }).getByText(/^op-/).waitFor();
    await page.locator('[data-key="gitlab"]').getByText('Valid').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `settings-keys-${colorScheme}`);
    expect(server.calls).toContainEqual({ name: 'addKey', input: 'gitlab' });
    await page.getByRole('button', { name: 'I have copied it' }).click();
    await page.getByText(/^op-/).waitFor({ state: 'detached' });
  });

  it('refuses a name that is taken', async () => {
    const { page } = await openPage({ path: '/settings/keys', site: filledFakeSite() });
    await page.locator('[data-key="laptop"]').waitFor();
    await page.getByLabel('Name').fill('laptop');
    await page.getByText('There is a key of this name already').waitFor();
    expect(await page.getByRole('button', { name: 'Add key' }).isDisabled()).toBe(true);
    await expectAccessible(page);
  });

  it('revokes a key only after asking', async () => {
    const { page } = await openPage({ path: '/settings', site: filledFakeSite() });
    await page.getByRole('button', { name: 'Revoke laptop' }).click();
    await page.getByRole('dialog').getByText('refused from the next request on').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke laptop' }).click();
    await page.locator('[data-key="laptop"]').getByText('Revoked').waitFor();
  });

  it('says when there is none, and why they cannot be read', async () => {
    const { page } = await openPage({ path: '/settings', site: emptyFakeSite() });
    await page.getByText('No key yet').waitFor();
    await expectAccessible(page);
    const failed = await openPage({ path: '/settings', site: emptyFakeSite(), failing: ['keys'] });
    await failed.page.getByRole('button', { name: 'Try again' }).waitFor();
    await expectAccessible(failed.page);
  });
});

describe('request log settings', () => {
  it.each(colorSchemes)('explains each choice and saves, in %s', async (colorScheme) => {
    const { page, server } = await openPage({ path: '/settings/request-log', site: filledFakeSite(), colorScheme });
    await page.getByRole('radio', { name: /^Power-safe/ }).check();
    await page.getByLabel('Rows').fill('0');
    await page.getByText('Use a number of days').waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByLabel('Rows').fill('60');
    await expectAccessible(page);
    await keepScreenshot(page, `settings-request-log-${colorScheme}`);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('are saved and in force').waitFor();
    expect(server.calls.find(({ name }) => name === 'saveLogSettings')?.input).toMatchObject({
      log: { durability: 'power-safe', retain: { days: 60, gib: 50, bodies_days: 30 } },
    });
  });

  it('says why it was not saved', async () => {
    const path = '/settings/request-log';
    const { page } = await openPage({ path, site: filledFakeSite(), failing: ['saveLogSettings'] });
    await page.getByLabel('Size on disk').fill('10');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('The disk is full.').waitFor();
    await expectAccessible(page);
  });
});

describe('secrets', () => {
  it.each(colorSchemes)('lists where they are used, sets and removes, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/settings/secrets', site: filledFakeSite(), colorScheme });
    await page.locator('[data-secret="hub"]').getByText('servers[2].env.HF_TOKEN').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('api-token');
    await page.getByRole('textbox', { name: 'Value' }).fill('s3cret');
    await page.keyboard.press('Enter');
    await page.locator('[data-secret="api-token"]').getByText('Not used in the site file').waitFor();
    expect(await page.getByRole('textbox', { name: 'Value' }).inputValue()).toBe('');
    await expectAccessible(page);
    await keepScreenshot(page, `settings-secrets-${colorScheme}`);
    await page.getByRole('button', { name: 'Remove hub' }).click();
    await page.getByRole('dialog').getByText('servers[2].env.HF_TOKEN').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove hub' }).click();
    await page.locator('[data-secret="hub"]').waitFor({ state: 'detached' });
  });
});

describe('site file', () => {
  it.each(colorSchemes)('checks while typing, saves and keeps the history, in %s', async (colorScheme) => {
    const site = filledFakeSite();
    const { page, server } = await openPage({ path: '/settings/site-file', site, colorScheme });
    const field = page.getByLabel('Text of the site file');
    await field.waitFor();
    const text = await field.inputValue();
    await field.fill(`${text}mistake: 1\n`);
    await page.getByRole('button', { name: 'Line 18' }).waitFor();
    expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await page.getByText('What changed').first().click();
    await expectAccessible(page);
    await keepScreenshot(page, `settings-site-file-${colorScheme}`);
    await page.getByRole('button', { name: 'Line 18' }).click();
    expect(await page.evaluate(() => document.getSelection()?.toString())).toContain('mistake');
    await field.fill(`${text}# a comment\n`);
    await page.getByText('Valid, not saved').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('[data-revision="8"]').getByText('In force').waitFor();
    expect(server.calls.find(({ name }) => name === 'saveSiteText')?.input).toMatchObject({ baseRevision: 7 });
    expect(site.text).toContain('# a comment');
  });

  it('does not save over a change that came meanwhile', async () => {
    const site = filledFakeSite();
    const { page, server } = await openPage({ path: '/settings/site-file', site });
    const field = page.getByLabel('Text of the site file');
    await field.fill('version: 1\nsite: { name: Mine }\n');
    site.text = 'version: 1\nsite: { name: Theirs }\n';
    site.revision = 8;
    site.history = [...site.history, fakeChange(8, 'Somebody else', { author: 'file' })];
    server.changed();
    await page.getByText('was changed while you were editing').waitFor();
    expect(await field.inputValue()).toContain('Mine');
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Save mine' }).click();
    await page.locator('[data-revision="9"]').waitFor();
    expect(site.text).toContain('Mine');
  });

  it('rolls back after asking', async () => {
    const { page, server } = await openPage({ path: '/settings/site-file', site: filledFakeSite() });
    await page.getByRole('button', { name: 'Roll back to this revision 6' }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Roll back/ })
      .click();
    await page.getByText('is as it was at revision 6').waitFor();
    expect(server.calls).toContainEqual({ name: 'rollback', input: { revision: 6, author: 'browser' } });
  });
});

describe('about', () => {
  it('tells the version and the data folder', async () => {
    const { page } = await openPage({ path: '/settings/about', site: filledFakeSite() });
    await page.getByText('0.1.0').waitFor();
    await page.getByText('/var/lib/outpost', { exact: true }).waitFor();
    await expectAccessible(page);
  });

  it.each(colorSchemes)('stops everything only after saying what that means, in %s', async (colorScheme) => {
    const { page, server } = await openPage({ path: '/settings?stop=1', site: filledFakeSite(), colorScheme });
    await page.getByRole('dialog').getByText('Closing the window instead stops nothing').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `settings-stop-${colorScheme}`);
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    expect(server.calls.some(({ name }) => name === 'stopEverything')).toBe(false);
    await page.getByRole('button', { name: 'Stop everything…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop everything' }).click();
    await page.getByText('Everything has stopped').waitFor();
    expect(server.calls.some(({ name }) => name === 'stopEverything')).toBe(true);
  });
});
