import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';
import { expect } from 'vitest';
import type { FeatureStatus } from '../../electron/contract/feature-status.ts';
import type { DrivenSite } from '../fixtures/drive-site.ts';
import { isLiving } from '../fixtures/run-processes.ts';
import { waitFor } from '../fixtures/wait-for.ts';

export interface PageChange {
  readonly name: string;
  /** Changes the state through the page and proves it from outside; leaves the demo site as it was. */
  run(page: Page, site: DrivenSite): Promise<void>;
}

/** One change or more through each page, the same in the window and in a browser. */
export const pageChanges: readonly PageChange[] = [
  { name: 'stops and starts a server', run: stopAndStart },
  { name: 'adds, edits and removes a server', run: addEditRemove },
  { name: 'shows that a killed server is restarted, and why', run: showRestart },
  { name: 'reassigns and disables a feature, in force on the next request', run: changeFeatures },
  { name: 'finds requests by filters and by text', run: findRequests },
  { name: 'adds a key that works and revokes it', run: changeKeys },
  { name: 'changes the retention and keeps the comments of the site file', run: changeRetention },
  { name: 'sets and removes a secret', run: changeSecrets },
  { name: 'rolls a change of the site file back', run: rollBack },
];

/** Follows a link of the navigation. */
export async function goTo(page: Page, title: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: title }).click();
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
}

/** Asks the gateway of a site; the answer's status, parsed body and request id. */
export async function ask(
  site: DrivenSite,
  body: { readonly model: string; readonly prompt: string },
  options: { readonly path?: string; readonly key?: string } = {},
): Promise<{ status: number; answer: { model?: string; error?: { code: string } }; requestId: string }> {
  const [gateway = ''] = (await site.status()).gateway;
  const response = await fetch(`${gateway.replace(/\/v1$/, '')}${options.path ?? '/v1'}/chat/completions`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
    },
    body: JSON.stringify({ model: body.model, messages: [{ role: 'user', content: body.prompt }], max_tokens: 8 }),
  });
  return {
    status: response.status,
    answer: (await response.json()) as { model?: string; error?: { code: string } },
    requestId: response.headers.get('x-request-id') ?? '',
  };
}

export function siteText(site: DrivenSite): string {
  return readFileSync(path.join(site.data, 'site.yaml'), 'utf8');
}

async function confirm(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function stopAndStart(page: Page, site: DrivenSite): Promise<void> {
  await goTo(page, 'Servers');
  const row = page.locator('[data-process="demo-code-server"]');
  const { pid, port } = await site.process('demo-code-server');
  await row.getByRole('button', { name: 'Stop demo-code-server' }).click();
  await confirm(page, 'Stop demo-code-server');
  await row.getByText('Stopped').first().waitFor();
  expect(await site.process('demo-code-server')).toMatchObject({ wanted: 'stopped', actual: 'stopped', pid: null });
  expect(isLiving(pid ?? 0)).toBe(false);
  expect(await ask(site, { model: 'demo-code', prompt: 'hello' })).toMatchObject({ status: 503 });

  await row.getByRole('button', { name: 'Start demo-code-server', exact: true }).click();
  await row.getByText('Ready', { exact: true }).waitFor();
  expect(await site.process('demo-code-server')).toMatchObject({ wanted: 'running', actual: 'ready', port });
  expect(await ask(site, { model: 'demo-code', prompt: 'hello' })).toMatchObject({ status: 200 });
}

async function addEditRemove(page: Page, site: DrivenSite): Promise<void> {
  await goTo(page, 'Servers');
  await page.getByRole('link', { name: 'Add server' }).click();
  await page.getByRole('radio', { name: /Simulated/ }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill('third');
  await page.getByLabel('Served model names').fill('third-model');
  await page.getByRole('button', { name: 'Add argument' }).click();
  await page.getByLabel('Name of argument 1').fill('load-seconds');
  await page.getByLabel('Value of argument 1').fill('0.1');
  await page.getByRole('region', { name: 'command', exact: true }).getByText('--load-seconds 0.1').waitFor();
  await page.getByRole('button', { name: 'Add server' }).click();
  await page.getByRole('heading', { name: 'third', level: 1 }).waitFor();
  const { pid } = await site.waitForState('third', 'ready');
  expect(siteText(site)).toContain('- name: third');
  expect(await ask(site, { model: 'third-model', prompt: 'hello' })).toMatchObject({ status: 200 });

  await page.getByRole('tab', { name: 'Configuration' }).click();
  await page.getByLabel('Served model names').fill('third-model, third-alias');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('third was saved').waitFor();
  expect(siteText(site)).toContain('third-alias');
  await page.getByText('is not in force yet').waitFor();
  expect(await site.process('third')).toMatchObject({ restart_needed: true, pid });
  await page.getByRole('button', { name: 'Restart third' }).first().click();
  await confirm(page, 'Restart third');
  await page.getByText('is not in force yet').waitFor({ state: 'detached' });
  await site.waitForState('third', 'ready');
  expect(await ask(site, { model: 'third-alias', prompt: 'hello' })).toMatchObject({ status: 200 });

  await page.getByRole('button', { name: 'Remove third' }).click();
  await confirm(page, 'Remove third');
  await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
  await waitFor(async () => !(await site.status()).processes.some(({ name }) => name === 'third'));
  await page.locator('[data-process="third"]').waitFor({ state: 'detached' });
  expect(siteText(site)).not.toContain('third');
  expect(siteText(site)).toContain('# The demo site');
}

async function showRestart(page: Page, site: DrivenSite): Promise<void> {
  await goTo(page, 'Servers');
  await page.getByRole('link', { name: 'demo-code-server', exact: true }).click();
  await page.getByRole('heading', { name: 'demo-code-server', level: 1 }).waitFor();
  const before = await site.waitForState('demo-code-server', 'ready');
  // Without this check an unknown pid would mean this very process group.
  if (before.pid === null) throw new Error('a ready server has a process');
  process.kill(before.pid, 'SIGKILL');
  await page.getByRole('tab', { name: 'Runs' }).click();
  await page.getByText('SIGKILL').first().waitFor();
  await waitFor(
    async () => {
      const now = await site.process('demo-code-server');
      return now.actual === 'ready' && now.pid !== before.pid && now.restarts === before.restarts + 1;
    },
    { deadlineMs: 60_000, everyMs: 200, what: 'the killed server to be ready again' },
  );
  await page.getByRole('main').getByText('Ready', { exact: true }).first().waitFor();
  await goTo(page, 'Overview');
  await page
    .getByTestId('events')
    .getByText(/demo-code-server ended: Was killed \(signal 9\)/)
    .first()
    .waitFor();
}

async function changeFeatures(page: Page, site: DrivenSite): Promise<void> {
  await goTo(page, 'Features');
  const choice = page.locator('[data-feature="duo_chat"]').getByRole('combobox');
  const settingOf = async (name: string) =>
    (await site.outpost<FeatureStatus[]>('features')).value.find(({ feature }) => feature === name);
  const askFeature = () => ask(site, { model: 'whatever', prompt: 'hello' }, { path: '/features/duo_chat/v1' });
  const saved = page.locator('[data-feature="duo_chat"]').getByText('Saved and in force');

  await choice.selectOption('demo-code');
  await saved.waitFor();
  expect(await settingOf('duo_chat')).toMatchObject({ model: 'demo-code', state: 'assigned' });
  expect(await askFeature()).toMatchObject({ status: 200, answer: { model: 'demo-code' } });

  await choice.selectOption('disabled');
  await waitFor(async () => (await settingOf('duo_chat'))?.state === 'disabled');
  await saved.waitFor();
  const refused = await askFeature();
  expect(refused.status).toBe(403);
  expect(await site.finishedRow(refused.requestId)).toMatchObject({ state: 'rejected', feature: 'duo_chat' });

  await choice.selectOption('demo-chat');
  await waitFor(async () => (await settingOf('duo_chat'))?.model === 'demo-chat');
}

async function findRequests(page: Page, site: DrivenSite): Promise<void> {
  const word = `quokka${Date.now()}`;
  const [chat, code, refused] = [
    await ask(site, { model: 'demo-chat', prompt: `What does a ${word} eat?` }),
    await ask(site, { model: 'demo-code', prompt: `Sort each ${word} by name.` }),
    await ask(site, { model: 'no-such-model', prompt: 'hello' }),
  ];
  const ids = await Promise.all(
    [chat, code, refused].map(async ({ requestId }) => (await site.finishedRow(requestId)).id),
  );
  const [chatId, codeId, refusedId] = ids.map((id) => page.locator(`#request-${id}`));
  await goTo(page, 'Requests');
  for (const row of [chatId, codeId, refusedId]) await row?.waitFor();

  await page.getByLabel('Model', { exact: true }).selectOption('demo-code');
  await chatId?.waitFor({ state: 'detached' });
  await codeId?.waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await page.getByLabel('State', { exact: true }).selectOption('rejected');
  await codeId?.waitFor({ state: 'detached' });
  await refusedId?.waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();

  await page.getByLabel(/^Search in what was asked/).fill(word);
  await page.getByText('2 requests match').waitFor();
  await refusedId?.waitFor({ state: 'detached' });
  expect((await site.requests('--search', word)).map(({ id }) => id)).toEqual([ids[1], ids[0]]);
  await chatId?.click();
  await page.getByTestId('request-detail').getByText(`What does a ${word} eat?`).waitFor();
  await page.getByRole('button', { name: 'Close the request' }).click();
  await page.getByRole('button', { name: 'Clear filters' }).click();
}

async function changeKeys(page: Page, site: DrivenSite): Promise<void> {
  const name = `client-${Date.now()}`;
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Keys' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('button', { name: 'Add key' }).click();
  const key = await page.getByRole('region', { name: `key of ${name}`, exact: true }).textContent();
  const used = await ask(site, { model: 'demo-chat', prompt: 'hello' }, { key: key ?? '' });
  expect(used.status).toBe(200);
  expect(await site.finishedRow(used.requestId)).toMatchObject({ key: name });
  await page.getByRole('button', { name: 'I have copied it' }).click();

  await page.getByRole('button', { name: `Revoke ${name}` }).click();
  await confirm(page, /Revoke/);
  await page.locator(`[data-key="${name}"]`).getByText('Revoked').waitFor();
  expect(await ask(site, { model: 'demo-chat', prompt: 'hello' }, { key: key ?? '' })).toMatchObject({ status: 401 });
  expect(JSON.stringify((await site.outpost('keys', 'list')).value)).toContain(name);
}

async function changeRetention(page: Page, site: DrivenSite): Promise<void> {
  const before = siteText(site);
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Request log' }).click();
  await page.getByLabel('Rows').fill('45');
  await page.getByLabel('Bodies', { exact: true }).last().fill('7');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('are saved and in force').waitFor();
  const after = siteText(site);
  expect(after).toMatch(/days: 45/);
  expect(after).toMatch(/bodies_days: 7/);
  for (const comment of before.match(/#.*$/gm) ?? []) expect(after).toContain(comment);
}

async function changeSecrets(page: Page, site: DrivenSite): Promise<void> {
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Secrets' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('hub');
  await page.getByLabel('Value', { exact: true }).fill('hf_not-a-real-token');
  await page.getByRole('button', { name: 'Set secret' }).click();
  await page.locator('[data-secret="hub"]').waitFor();
  const listed = JSON.stringify((await site.outpost('secrets', 'list')).value);
  expect(listed).toContain('hub');
  expect(listed).not.toContain('hf_not-a-real-token');
  await page.getByRole('button', { name: 'Remove hub' }).click();
  await confirm(page, /Remove/);
  await page.locator('[data-secret="hub"]').waitFor({ state: 'detached' });
  expect((await site.outpost('secrets', 'list')).value).toEqual([]);
}

async function rollBack(page: Page, site: DrivenSite): Promise<void> {
  const before = siteText(site);
  const { revision } = (await site.status()).site_file;
  expect((await site.outpost('features', 'set', 'duo_chat', 'demo-code')).code).toBe(0);
  expect(siteText(site)).not.toBe(before);
  await goTo(page, 'Settings');
  await page.getByRole('tab', { name: 'Site file' }).click();
  await page
    .locator(`[data-revision="${revision + 1}"]`)
    .getByText('In force')
    .waitFor();
  await page.getByRole('button', { name: `Roll back to this revision ${revision}`, exact: true }).click();
  await confirm(page, /Roll back/);
  await waitFor(() => siteText(site) === before, { what: 'the site file to be as it was' });
  await page
    .locator(`[data-revision="${revision + 2}"]`)
    .getByText('In force')
    .waitFor();
  const features = (await site.outpost<FeatureStatus[]>('features')).value;
  expect(features.find(({ feature }) => feature === 'duo_chat')).toMatchObject({ model: 'demo-chat' });
}
