import { describe, expect, it } from 'vitest';
import { emptyFakeSite, filledFakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('servers', () => {
  it.each(colorSchemes)('lists every process, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/servers', site: filledFakeSite(), colorScheme });
    await page.getByRole('row', { name: /demo-chat/ }).waitFor();
    expect(await page.locator('[data-process]').count()).toBe(5);
    await expectAccessible(page);
    await keepScreenshot(page, `servers-${colorScheme}`);
  });

  it.each(colorSchemes)('offers to add the first server, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/servers', site: emptyFakeSite(), colorScheme });
    await page.getByText('No model server yet').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `servers-empty-${colorScheme}`);
  });

  it('stops a server only after asking, and says so when it has stopped', async () => {
    const { page, server } = await openPage({ path: '/servers', site: filledFakeSite() });
    await page.getByRole('button', { name: 'Stop demo-chat' }).click();
    await page.getByRole('dialog').getByText('Requests in flight').waitFor();
    await expectAccessible(page);
    await page.getByRole('dialog').getByRole('button', { name: 'Stop demo-chat' }).click();
    await page.locator('[data-process="demo-chat"]').getByText('Stopped').first().waitFor();
    await page.getByText('demo-chat has stopped').waitFor();
    expect(server.calls).toContainEqual({ name: 'stopProcess', input: 'demo-chat' });
  });

  it('shows why a start failed', async () => {
    const { page } = await openPage({ path: '/servers', site: filledFakeSite(), failing: ['startProcess'] });
    await page.getByRole('button', { name: 'Start embedder', exact: true }).click();
    await page.getByRole('region', { name: 'Notices' }).getByText('The disk is full.').waitFor();
    await expectAccessible(page);
  });

  it('can be read and operated by keyboard alone', async () => {
    const { page } = await openPage({ path: '/', site: filledFakeSite() });
    await page.getByText('Needs attention').waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Go to Overview').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const start = page.getByRole('button', { name: 'Start embedder', exact: true });
    await start.focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-process="embedder"]').getByText('Ready').waitFor();
  });
});

describe('server page', () => {
  it.each(colorSchemes)('shows the state, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/servers/mistral-small', site: filledFakeSite(), colorScheme });
    await page.getByText('Ended with exit code 1').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `server-overview-${colorScheme}`);
  });

  it.each(colorSchemes)('shows the runs with how they ended, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/servers/demo-chat/runs', site: filledFakeSite(), colorScheme });
    await page.getByText('SIGKILL', { exact: true }).waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `server-runs-${colorScheme}`);
    await page.getByRole('link', { name: 'Log of run 2' }).click();
    await page.getByText('the run before').waitFor();
    expect(new URL(page.url()).search).toBe('?run=2');
  });

  it.each(colorSchemes)('shows the log, finds text in all of it and goes there, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/servers/demo-chat/log', site: filledFakeSite(), colorScheme });
    await page.getByText('678.3 tokens/s').waitFor();
    await page.getByRole('textbox', { name: 'Search the log' }).fill('KV cache usage');
    await page.keyboard.press('Enter');
    await page.getByText('10 lines in this run').waitFor();
    await page.getByRole('button', { name: /high: 14.25%/ }).click();
    await page.getByTestId('log-terminal').getByText('98.6 tokens/s').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `server-log-${colorScheme}`);
  });

  it('follows the log as it is written', async () => {
    const { page, server } = await openPage({ path: '/servers/demo-code/log', site: filledFakeSite() });
    await page.getByText('INFO simulated engine').waitFor();
    server.writeLog('demo-code', 1, 'INFO one more line\n');
    await page.getByTestId('log-terminal').getByText('one more line').waitFor();
  });

  it.each(colorSchemes)('says why the log cannot be read, in %s', async (colorScheme) => {
    const site = filledFakeSite();
    const { page } = await openPage({ path: '/servers/demo-chat/log', site, failing: ['readLog'], colorScheme });
    await page.getByText('The disk is full.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await expectAccessible(page);
  });

  it.each(colorSchemes)('edits a server and shows the command that will run, in %s', async (colorScheme) => {
    const site = filledFakeSite();
    const path = '/servers/mistral-small/configuration';
    const { page } = await openPage({ path, site, colorScheme, height: 1300 });
    await page.getByText('--max-model-len 32768').waitFor();
    await page.getByLabel('Value of argument 1').fill('16384');
    await page.getByText('--max-model-len 16384').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `server-configuration-${colorScheme}`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('mistral-small was saved').waitFor();
    expect(site.servers.find(({ name }) => name === 'mistral-small')?.args?.['max-model-len']).toBe(16_384);
  });

  it('says that a change waits for a restart, with the button for it', async () => {
    const { page, server } = await openPage({ path: '/servers/demo-code', site: filledFakeSite() });
    await page.getByText('is not in force yet').waitFor();
    await page.getByRole('button', { name: 'Restart demo-code' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restart demo-code' }).click();
    await page.getByText('is not in force yet').waitFor({ state: 'detached' });
    expect(server.calls).toContainEqual({ name: 'restartProcess', input: 'demo-code' });
  });

  it('removes a server after asking', async () => {
    const site = filledFakeSite();
    const { page } = await openPage({ path: '/servers/embedder/configuration', site });
    await page.getByRole('button', { name: 'Remove embedder' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove embedder' }).click();
    await page.getByRole('heading', { name: 'Servers', level: 1 }).waitFor();
    expect(site.servers.map(({ name }) => name)).not.toContain('embedder');
  });

  it('sends an operator who wants to set up the gateway to the settings', async () => {
    const { page } = await openPage({ path: '/servers/gateway/configuration', site: filledFakeSite() });
    await page.getByRole('link', { name: 'Settings' }).last().waitFor();
  });

  it('says that a server does not exist', async () => {
    const { page } = await openPage({ path: '/servers/nobody', site: filledFakeSite() });
    await page.getByText('There is no process named nobody').waitFor();
    await expectAccessible(page);
  });
});

describe('adding a server', () => {
  it.each(colorSchemes)('says at each field what is wrong, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/add-server', site: filledFakeSite(), colorScheme, height: 1100 });
    await page.getByRole('textbox', { name: /^Name/ }).fill('Bad Name');
    await page.getByRole('button', { name: 'Add server' }).click();
    await page.getByText('Use 1 to 48 lower-case letters').waitFor();
    await page.getByText('Give the folder that holds').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `add-server-errors-${colorScheme}`);
  });

  it('adds a vLLM server with what the form says', async () => {
    const site = emptyFakeSite();
    const { page } = await openPage({ path: '/add-server', site });
    await page.getByRole('textbox', { name: /^Name/ }).fill('mistral');
    await page.getByLabel('Served model names').fill('mistral, mistral-small');
    await page.getByRole('combobox', { name: 'Weights folder' }).fill('/srv/models/mistral');
    await page.getByRole('combobox', { name: 'vLLM command' }).fill('/opt/vllm/bin/vllm');
    await page.keyboard.press('Escape');
    await page.getByLabel('GPUs').fill('0, 1');
    await page.getByRole('button', { name: 'Add argument' }).click();
    await page.getByLabel('Name of argument 1').fill('max-model-len');
    await page.getByLabel('Value of argument 1').fill('32768');
    await page.getByText('/opt/vllm/bin/vllm serve /srv/models/mistral').waitFor();
    await page.getByRole('button', { name: 'Add server' }).click();
    await page.getByRole('heading', { name: 'mistral', level: 1 }).waitFor();
    expect(site.servers).toEqual([
      {
        name: 'mistral',
        engine: 'vllm',
        weights: '/srv/models/mistral',
        serves: ['mistral', 'mistral-small'],
        gpus: [0, 1],
        args: { 'max-model-len': 32_768 },
        runtime: { kind: 'native', command: '/opt/vllm/bin/vllm' },
        start: 'always',
      },
    ]);
  });
});
