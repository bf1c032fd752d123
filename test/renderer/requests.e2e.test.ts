import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright';
import { describe, expect, it } from 'vitest';
import { fakeTraffic, manyFakeRequests, richRequest } from '../fakes/fake-requests.ts';
import { emptyFakeSite, fakeRequest, filledFakeSite } from '../fakes/fake-site.ts';
import type { FakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

const COUNT = 450;

function busySite(): FakeSite {
  return { ...filledFakeSite(), requests: manyFakeRequests(COUNT) };
}

const rows = (page: Page) => page.getByRole('grid').locator('[data-state]');
const idOf = (n: number) => 2_026_112_400_001_000 + n;

describe('requests', () => {
  it.each(colorSchemes)('lists the newest first, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/requests', site: busySite(), colorScheme });
    await page.getByText('100 shown, more match').waitFor();
    expect(await rows(page).first().getAttribute('id')).toBe(`request-${idOf(COUNT)}`);
    await expectAccessible(page);
    await keepScreenshot(page, `requests-${colorScheme}`);
  });

  it('reads on while one scrolls, down to the oldest', async () => {
    const { page } = await openPage({ path: '/requests', site: busySite() });
    await rows(page).first().waitFor();
    await expect
      .poll(
        async () => {
          await page.getByRole('grid').evaluate((grid) => grid.scrollTo(0, grid.scrollHeight));
          return page.getByText(`${COUNT} requests match`).count();
        },
        { timeout: 20_000 },
      )
      .toBe(1);
    await page.getByText('This is the oldest request that matches.').waitFor();
    // However many there are, only those in sight are drawn.
    expect(await rows(page).count()).toBeLessThan(80);
  });

  it('shows new rows while at the top, counts them while paused, and goes on', async () => {
    const site = busySite();
    const { page, server } = await openPage({ path: '/requests', site });
    await rows(page).first().waitFor();
    const arrive = (n: number) => {
      site.requests = [fakeTraffic(n, Date.now()), ...site.requests];
      server.requestsChanged();
    };
    arrive(COUNT + 1);
    await page.locator(`#request-${idOf(COUNT + 1)}`).waitFor();

    await page.getByRole('button', { name: 'Pause' }).click();
    arrive(COUNT + 2);
    arrive(COUNT + 3);
    await page.getByRole('button', { name: '2 new' }).waitFor();
    expect(await page.locator(`#request-${idOf(COUNT + 3)}`).count()).toBe(0);
    await expectAccessible(page);
    await page.getByRole('button', { name: '2 new' }).click();
    await page.locator(`#request-${idOf(COUNT + 3)}`).waitFor();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
  });

  it('lets running rows tick and end in their place', async () => {
    const site = busySite();
    const running = { ...fakeTraffic(COUNT + 1, Date.now()), state: 'running', duration_ms: null } as const;
    site.requests = [running, ...site.requests];
    const { page, server } = await openPage({ path: '/requests', site });
    const row = page.locator(`#request-${running.id}`);
    await row.getByText('Running').waitFor();
    const before = await row.locator('[data-column="duration"]').innerText();
    await expect.poll(() => row.locator('[data-column="duration"]').innerText(), { timeout: 10_000 }).not.toBe(before);
    await page.getByRole('button', { name: 'Pause' }).click();
    site.requests = [{ ...running, state: 'error', duration_ms: 900 }, ...site.requests.slice(1)];
    server.requestsChanged();
    await row.getByText('Error').waitFor();
  });

  it('keeps every filter in the address and takes it from there', async () => {
    const { page, server } = await openPage({ path: '/requests?state=error&model=demo-chat', site: busySite() });
    await rows(page).first().waitFor();
    expect(await page.getByLabel('State').inputValue()).toBe('error');
    await page.getByLabel('Feature').selectOption('duo_chat');
    await page.getByLabel('HTTP status').fill('502');
    await page.getByLabel('Time range').selectOption('1h');
    await expect
      .poll(() => new URL(page.url()).search)
      .toBe('?model=demo-chat&feature=duo_chat&state=error&status=502&since=1h');
    // The address changes before the service is asked.
    await expect
      .poll(() => server.calls.findLast(({ name }) => name === 'requests')?.input)
      .toMatchObject({ filter: { model: 'demo-chat', feature: 'duo_chat', state: 'error', httpStatus: 502 } });
    await page.getByLabel(/^Search in/).fill('no such words');
    await page.getByText('No request matches').waitFor();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Clear filters' }).first().click();
    await page.getByText('100 shown, more match').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('can be used by keyboard alone', async () => {
    const { page } = await openPage({ path: '/requests', site: busySite() });
    await rows(page).first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByTestId('request-detail').getByText('Conversation').waitFor();
    expect(new URL(page.url()).pathname).toBe(`/requests/${idOf(COUNT - 1)}`);
    await page.keyboard.press('j');
    await expect.poll(() => new URL(page.url()).pathname).toBe(`/requests/${idOf(COUNT - 2)}`);
    await page.keyboard.press('Escape');
    await page.getByTestId('request-detail').waitFor({ state: 'detached' });
    expect(new URL(page.url()).pathname).toBe('/requests');
    await page.keyboard.press('/');
    await page.keyboard.type('k');
    expect(await page.getByLabel(/^Search in/).inputValue()).toBe('k');
  });

  it('exports what matches, page by page, as a download', async () => {
    const site = { ...filledFakeSite(), requests: manyFakeRequests(2300) };
    const { page, server } = await openPage({ path: '/requests?model=demo-code', site });
    await page.evaluate(() => Object.defineProperty(window, 'showSaveFilePicker', { value: undefined }));
    await rows(page).first().waitFor();
    await page.keyboard.press('e');
    const dialog = page.getByRole('dialog', { name: 'Export requests' });
    await dialog.getByText('CSV', { exact: true }).click();
    await dialog.getByText("outpost requests export --format csv --model 'demo-code'").waitFor();
    await expectAccessible(page);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^outpost-requests-\d{4}-\d\d-\d\d\.csv$/);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    const matching = site.requests.filter(({ model }) => model === 'demo-code').length;
    expect(lines).toHaveLength(matching + 1);
    await dialog.getByText(`Done: ${matching} rows`).waitFor();
    const asked = server.calls.filter(
      ({ name, input }) => name === 'requests' && JSON.stringify(input).includes('1000'),
    );
    expect(asked.length).toBeGreaterThanOrEqual(1);
    await keepScreenshot(page, 'requests-export');
  });

  it('writes an export into a file as it comes, and leaves none when it is cancelled', async () => {
    const site = { ...filledFakeSite(), requests: manyFakeRequests(4000) };
    const { page } = await openPage({ path: '/requests', site });
    await rows(page).first().waitFor();
    await page.evaluate(() => {
      const seen: string[] = [];
      const file = {
        // Each write waits until the test lets it go on.
        write: async (text: string) => {
          seen.push(`write ${text.split('\n').length - 1}`);
          document.title = seen.join(', ');
          if (text !== '') await new Promise((resolve) => document.addEventListener('go-on', resolve, { once: true }));
        },
        close: async () => void seen.push('close'),
        abort: async () => {
          document.title = [...seen, 'abort'].join(', ');
        },
      };
      const picker = async () => ({ createWritable: async () => file });
      Object.defineProperty(window, 'showSaveFilePicker', { value: picker });
    });
    await page.getByRole('button', { name: 'Export' }).click();
    const dialog = page.getByRole('dialog', { name: 'Export requests' });
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect.poll(() => page.title()).toBe('write 0, write 1000');
    await page.evaluate(() => document.dispatchEvent(new Event('go-on')));
    await dialog.getByText('1,000 rows so far').waitFor();
    await dialog.getByRole('button', { name: 'Cancel export' }).click();
    await page.evaluate(() => document.dispatchEvent(new Event('go-on')));
    await dialog.getByText('Cancelled; no file was left').waitFor();
    expect(await page.title()).toContain('abort');
  });

  it('keeps the chosen columns and their order', async () => {
    const { page } = await openPage({ path: '/requests', site: busySite() });
    await rows(page).first().waitFor();
    const heads = () => page.getByRole('columnheader').allInnerTexts();
    expect(await heads()).not.toContain('Finish');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Finish' }).check();
    await page.getByRole('checkbox', { name: 'Key' }).uncheck();
    await page.getByRole('button', { name: 'Move Time to the left' }).click();
    await expectAccessible(page);
    await keepScreenshot(page, 'requests-columns');
    await page.keyboard.press('Escape');
    await page.reload();
    await rows(page).first().waitFor();
    await expect.poll(heads).toContain('Finish');
    expect((await heads()).slice(0, 2)).toEqual(['Time', 'State']);
    expect(await heads()).not.toContain('Key');
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Back to the default columns' }).click();
    await expect.poll(heads).toContain('Key');
  });

  it('keeps views as links', async () => {
    const { page } = await openPage({ path: '/requests?state=error&since=24h', site: busySite() });
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByLabel('Name of the view').fill('What failed today');
    await page.keyboard.press('Enter');
    const link = page.getByRole('link', { name: 'What failed today' });
    expect(await link.getAttribute('href')).toBe('/requests?state=error&since=24h');
    await expectAccessible(page);
    await page.goto(`${new URL(page.url()).origin}/requests`);
    await page.getByRole('button', { name: 'Views' }).click();
    await link.click();
    await expect.poll(() => new URL(page.url()).search).toBe('?state=error&since=24h');
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('button', { name: 'Forget the view What failed today' }).click();
    await page.getByText('No view is saved yet.').waitFor();
  });

  it('pauses by key, lists its keys, and leaves sequences alone', async () => {
    const { page } = await openPage({ path: '/requests', site: busySite() });
    await rows(page).first().waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.keyboard.press('?');
    await page.getByText('Requests: pause and resume').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Playground', level: 1 }).waitFor();
  });

  it('counts all that matches and takes the time range from the histogram', async () => {
    const { page } = await openPage({ path: '/requests?since=1h', site: busySite(), width: 1920, height: 1080 });
    await page.getByText(`${COUNT} requests, 5.8 % errors`).waitFor();
    const box = await page.getByTestId('request-histogram').boundingBox();
    if (!box) throw new Error('The histogram is drawn.');
    await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
    await page.getByText('Let go to show this range').waitFor();
    await keepScreenshot(page, 'requests-histogram');
    await page.mouse.up();
    await expect.poll(() => new URL(page.url()).searchParams.get('until')).not.toBeNull();
    expect(await page.getByLabel('From', { exact: true }).inputValue()).not.toBe('');
    await expectAccessible(page);
  });

  it.each(colorSchemes)('says that there is nothing yet, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/requests', site: emptyFakeSite(), colorScheme });
    await page.getByText('No request yet').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `requests-empty-${colorScheme}`);
  });

  it('shows that it is loading, and why it failed with a way on', async () => {
    const { page } = await openPage({ path: '/requests', site: busySite(), hold: ['requests'] });
    await page.getByText('Loading requests…').waitFor();
    await expectAccessible(page);
    const failed = await openPage({ path: '/requests', site: busySite(), failing: ['requests'] });
    await failed.page.getByText('The disk is full.').waitFor();
    await failed.page.getByRole('button', { name: 'Try again' }).waitFor();
    await expectAccessible(failed.page);
  });
});

describe('one request', () => {
  const failed = COUNT - (COUNT % 17);

  it.each(colorSchemes)('shows what was asked and answered and why it failed, in %s', async (colorScheme) => {
    const path = `/requests/${idOf(failed)}`;
    const { page } = await openPage({ path, site: busySite(), colorScheme, width: 1920, height: 1080 });
    const detail = page.getByTestId('request-detail');
    await detail.getByText('broke off after 14 tokens').waitFor();
    await detail.getByText('You are a helpful assistant.').waitFor();
    await detail.getByText('Light is scattered by air').waitFor();
    await detail.getByText('tokens/s after the first').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `request-${colorScheme}`);
    for (const [tab, text] of [
      ['Request', '"You are a helpful assistant."'],
      ['Response', '"Light "'],
      ['Headers', 'text/event-stream'],
    ] as const) {
      await detail.getByRole('tab', { name: tab }).click();
      await detail.getByText(text).first().waitFor();
      await expectAccessible(page);
    }
  });

  it.each(colorSchemes)(
    'shows pictures, tool calls, reasoning and code of a conversation, in %s',
    async (colorScheme) => {
      const site = { ...filledFakeSite(), requests: [richRequest(idOf(1))] };
      const { page } = await openPage({
        path: `/requests/${idOf(1)}?search=gradient`,
        site,
        colorScheme,
        width: 1920,
        height: 1080,
      });
      const detail = page.getByTestId('request-detail');
      await detail.getByText('with image https://example.invalid/sky.png').waitFor();
      const picture = detail.getByRole('img', { name: 'Part of the message' });
      await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(8);
      await detail.getByRole('region', { name: 'arguments of measure_colour' }).getByText('"height": 40').waitFor();
      await detail.getByRole('region', { name: 'python code' }).getByText('def gradient').waitFor();
      await detail.locator('summary').click();
      await detail.getByText('The tool knows more.').waitFor();
      expect(await detail.locator('mark').allInnerTexts()).toEqual(['gradient']);
      await expectAccessible(page);
      await keepScreenshot(page, `request-rich-${colorScheme}`);
    },
  );

  it('folds and searches a body by keyboard', async () => {
    const { page } = await openPage({ path: `/requests/${idOf(COUNT)}`, site: busySite() });
    await page.getByRole('tab', { name: 'Request' }).click();
    const tree = page.getByRole('tree', { name: 'request body' });
    await tree.getByText('"You are a helpful assistant."').waitFor();
    await tree.focus();
    await page.keyboard.press('End');
    // To the message, fold it, to the list of messages, fold that.
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('ArrowLeft');
    await tree.getByText('"You are a helpful assistant."').waitFor({ state: 'detached' });
    expect(await tree.getByRole('treeitem', { selected: true }).getAttribute('aria-expanded')).toBe('false');
    await page.getByLabel('Find in the request body').fill('helpful');
    await page.keyboard.press('Enter');
    await page.getByText('1 of 1').waitFor();
    await tree.getByText('"You are a helpful assistant."').waitFor();
    await page.getByText('/messages/0/content').waitFor();
    await expectAccessible(page);
  });

  it('shows a body of megabytes in parts', async () => {
    const large = `start ${'x'.repeat(3_000_000)} end`;
    const site = { ...filledFakeSite(), requests: [fakeRequest(idOf(1), { response_body: large })] };
    const { page } = await openPage({ path: `/requests/${idOf(1)}`, site });
    await page.getByRole('tab', { name: 'Response' }).click();
    await page.getByText('Part 1 of 31').waitFor();
    expect((await page.getByRole('region', { name: 'response body' }).innerText()).length).toBe(100_000);
    await page.getByRole('button', { name: 'Next part' }).click();
    await page.getByText('Part 2 of 31').waitFor();
    await expectAccessible(page);
  });

  it('leads to its neighbours and to the log of the run that answered', async () => {
    const site = busySite();
    const { page } = await openPage({ path: `/requests/${idOf(COUNT - 10)}`, site });
    await page.getByRole('link', { name: /^Log of run \d+, which answered$/ }).waitFor();
    const related = page.getByRole('region', { name: 'Same client and model' });
    await related.getByText('After').waitFor();
    await related.getByRole('listitem').filter({ hasText: 'Before' }).getByRole('link').click();
    await expect.poll(() => new URL(page.url()).pathname).not.toBe(`/requests/${idOf(COUNT - 10)}`);
  });

  it('takes the place of the list in a narrow window', async () => {
    const { page } = await openPage({ path: '/requests', site: busySite(), width: 1100 });
    await rows(page).first().click();
    await page.getByTestId('request-detail').waitFor();
    await page.getByRole('grid').waitFor({ state: 'hidden' });
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Close the request' }).click();
    await rows(page).first().waitFor();
  });

  it('is copied as curl with a placeholder for the key', async () => {
    const { page } = await openPage({ path: `/requests/${idOf(COUNT)}`, site: busySite() });
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain('http://127.0.0.1:8080/features/code_completions/v1/chat/completions');
    expect(copied).toContain('Bearer $OUTPOST_API_KEY');
  });

  it('is copied as a Python program and as JSON', async () => {
    const { page } = await openPage({ path: `/requests/${idOf(COUNT)}`, site: busySite() });
    await page.getByRole('button', { name: 'Copy as Python' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('client.chat.completions.create(');
    await page.getByRole('button', { name: 'Copy as JSON' }).click();
    await expect
      .poll(() => page.evaluate(() => navigator.clipboard.readText()))
      .toContain(`"request_id": "req-${idOf(COUNT)}"`);
  });

  it.each(colorSchemes)('is sent again, to another model, and compared, in %s', async (colorScheme) => {
    const site = busySite();
    const asked: { url: string; body: string }[] = [];
    const { page, server } = await openPage({
      path: `/requests/${idOf(COUNT - 1)}`,
      site,
      colorScheme,
      playground: (request, response, body) => {
        asked.push({ url: request.url ?? '', body });
        const row = { ...fakeTraffic(COUNT + 1, Date.now()), request_id: `again-${asked.length}`, ttft_ms: 40 };
        site.requests = [{ ...row, id: row.id + asked.length }, ...site.requests];
        response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': `again-${asked.length}` });
        response.end(JSON.stringify({ choices: [{ message: { content: 'Light is scattered by dust.' } }] }));
        server.requestsChanged();
      },
    });
    await page.getByRole('button', { name: 'Replay…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByRole('link', { name: 'Open its row' }).waitFor();
    expect(asked[0]?.url).toBe(`/playground${site.requests.at(2)?.route}`);
    expect(asked[0]?.body).toBe(site.requests.at(2)?.request_body);
    expect(await dialog.locator('ins').first().innerText()).toContain('dust');
    expect(await dialog.locator('del').count()).toBeGreaterThan(0);
    await dialog.getByLabel('Send it to').selectOption('demo-code');
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[1]?.url).toBe('/playground/v1/chat/completions');
    expect(JSON.parse(asked[1]?.body ?? '')).toMatchObject({ model: 'demo-code' });
    await dialog.getByRole('link', { name: 'Open its row' }).waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `request-replay-${colorScheme}`);
    await dialog.getByRole('link', { name: 'Open its row' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByTestId('request-detail').getByText('again-2').waitFor();
  });

  it('can be opened in the Playground', async () => {
    const { page } = await openPage({ path: `/requests/${idOf(COUNT)}`, site: busySite() });
    await page.getByRole('button', { name: 'Open in Playground' }).click();
    await page.getByRole('heading', { name: 'Playground', level: 1 }).waitFor();
    expect(await page.getByLabel('System prompt').inputValue()).toBe('You are a helpful assistant.');
    expect(await page.getByLabel('Model or feature').inputValue()).toBe('feature:code_completions');
  });

  it('says so when there is no such request', async () => {
    const { page } = await openPage({ path: '/requests/5', site: busySite() });
    await page.getByText('There is no request 5.').waitFor();
    await expectAccessible(page);
  });
});
