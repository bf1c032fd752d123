import { describe, expect, it, onTestFinished } from 'vitest';
import { driveSite } from '../fixtures/drive-site.ts';
import type { DrivenSite } from '../fixtures/drive-site.ts';
import { makeTempDir } from '../fixtures/temp-dir.ts';
import { waitFor } from '../fixtures/wait-for.ts';
import { expectAccessible } from '../renderer/open-page.ts';
import { keepImage, keepScreenshot } from './keep-screenshot.ts';
import { openWindow } from './open-window.ts';
import type { OpenedWindow } from './open-window.ts';
import { ask, goTo } from './page-changes.ts';

/** A window on an empty data directory; what it starts is taken down when the test ends. */
async function openOnNothing(): Promise<{ site: DrivenSite; window: OpenedWindow }> {
  const site = driveSite(makeTempDir());
  onTestFinished(() => site.takeDown());
  const window = await openWindow(site.data);
  onTestFinished(() => window.app.close().catch(() => undefined));
  return { site, window };
}

describe('a newcomer', () => {
  it('starts the app, tries the demo, sends a prompt and finds it in the request log', async () => {
    const { site, window } = await openOnNothing();
    const { page } = window;

    await page.getByRole('heading', { name: 'Welcome to Outpost' }).waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, 'window-first-run');
    await page.getByRole('button', { name: 'Try the demo' }).click();
    await page.getByRole('heading', { name: 'The demo is running' }).waitFor();
    await keepScreenshot(page, 'window-demo-running');
    const { processes } = await site.status();
    expect(processes.map(({ kind, actual }) => [kind, actual])).toEqual([
      ['gateway', 'ready'],
      ['server', 'ready'],
      ['server', 'ready'],
    ]);

    await page.getByRole('button', { name: 'Go to the overview' }).click();
    for (const { name } of processes) {
      await page.getByRole('listitem').filter({ hasText: name }).getByText('Ready', { exact: true }).waitFor();
    }

    await page.getByRole('link', { name: 'Playground' }).click();
    await page.getByLabel('Model or feature').selectOption({ label: 'demo-chat' });
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Tell me about windmills by the sea.');
    await page.keyboard.press('Control+Enter');
    const turn = page.getByRole('article', { name: 'Prompt 1' });
    await turn.getByTestId('answer').waitFor();
    const link = turn.getByRole('link', { name: 'Show in Requests' });
    await link.waitFor();
    const answer = (await turn.getByTestId('answer').textContent()) ?? '';
    const measures = Object.fromEntries(
      await turn
        .locator('dl > div')
        .evaluateAll((elements) =>
          elements.map((element) => [
            element.querySelector('dt')?.textContent ?? '',
            element.querySelector('dd')?.textContent ?? '',
          ]),
        ),
    );
    await expectAccessible(page);

    const [row] = await site.requests();
    expect(row).toMatchObject({ state: 'ok', http_status: 200, model: 'demo-chat', stream: true, error: null });
    expect(row?.completion_tokens).toBeGreaterThan(0);
    expect(measures).toMatchObject({
      'Tokens in': String(row?.prompt_tokens),
      'Tokens out': String(row?.completion_tokens),
    });

    await link.click();
    await page.getByRole('heading', { name: `Request ${row?.id}` }).waitFor();
    const detail = page.getByTestId('request-detail');
    await detail.getByText('Tell me about windmills by the sea.').waitFor();
    await detail.getByText(answer).waitFor();
    await detail.getByText(`${row?.prompt_tokens} in, ${row?.completion_tokens} out`).waitFor();
    await detail.getByText(/ in all$/).waitFor();
    await detail.getByText(row?.request_id ?? '-').waitFor();

    const shown = await site.request(row?.id ?? 0);
    for (const [tab, body] of [
      ['Request', shown.request_body],
      ['Response', shown.response_body],
    ] as const) {
      await detail.getByRole('tab', { name: tab, exact: true }).click();
      const raw = detail.getByText('As sent');
      if (await raw.isVisible()) await raw.click();
      await waitFor(async () => (await detail.locator('pre').first().textContent()) === body, {
        what: `the ${tab} tab to show the body that the log has`,
      });
    }

    await goTo(page, 'Overview');
    for (const [index, model] of ['demo-chat', 'demo-code', 'demo-chat'].entries()) {
      await ask(site, { model, prompt: `Question ${index + 1}` });
    }
    await page.getByText('4 in all').waitFor();
    await keepImage(page, 'overview');
    await window.close();
  });
});
