import { describe, expect, it } from 'vitest';
import { emptyFakeSite, filledFakeSite } from '../fakes/fake-site.ts';
import { colorSchemes, expectAccessible, keepScreenshot, openPage, useBrowser } from './open-page.ts';

useBrowser();

describe('playground', () => {
  it.each(colorSchemes)('streams an answer, measures it and leads to its row, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/playground', site: filledFakeSite(), colorScheme });
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Why is the sky blue?');
    await page.keyboard.press('Control+Enter');
    await page.getByText('This answer is made up.').waitFor();
    const turn = page.getByRole('article');
    await turn.getByText('Simulated').waitFor();
    await turn.getByText('TTFT').waitFor();
    await turn.getByText('Tokens/s').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `playground-${colorScheme}`);
    await turn.getByRole('link', { name: 'Show in Requests' }).click();
    await page.getByTestId('request-detail').getByText('req-2026112400000002').waitFor();
    await page.getByRole('link', { name: 'Playground' }).click();
    await page.getByText('This answer is made up.').waitFor();
  });

  it('sends the conversation so far, to a model or through a feature', async () => {
    const asked: { url: string; body: unknown }[] = [];
    const { page } = await openPage({
      path: '/playground',
      site: filledFakeSite(),
      playground: (request, response, body) => {
        asked.push({ url: request.url ?? '', body: JSON.parse(body || 'null') });
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ choices: [{ index: 0, message: { content: 'Light.' } }] }));
      },
    });
    const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
    await page.getByLabel('System prompt').fill('Be brief.');
    await page.getByRole('switch', { name: 'Stream the answer' }).uncheck();
    await prompt.fill('Why blue?');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('Light.').waitFor();
    await page.getByLabel('Model or feature').selectOption('feature:duo_chat');
    await prompt.fill('And at night?');
    await prompt.press('Control+Enter');
    await expect.poll(() => page.getByText('Light.').count()).toBe(2);
    expect(asked.map(({ url }) => url)).toEqual([
      '/playground/v1/chat/completions',
      '/playground/features/duo_chat/v1/chat/completions',
    ]);
    expect(asked[1]?.body).toMatchObject({
      stream: false,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Why blue?' },
        { role: 'assistant', content: 'Light.' },
        { role: 'user', content: 'And at night?' },
      ],
    });
  });

  it('stops an answer and aborts its request', async () => {
    const left = Promise.withResolvers<void>();
    const { page } = await openPage({
      path: '/playground',
      site: filledFakeSite(),
      playground: (_request, response) => {
        response.on('close', () => left.resolve());
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'Half an ' } }] })}\n\n`);
      },
    });
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('Go on for ever');
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('answer').getByText('Half an').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped by you').waitFor();
    await left.promise;
    await page.getByRole('button', { name: 'Send' }).waitFor();
  });

  it('shows an error with its message and what to do, and puts the prompt back', async () => {
    const { page } = await openPage({
      path: '/playground',
      site: filledFakeSite(),
      playground: (_request, response) => {
        response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '2' });
        response.end(
          '{"error":{"message":"demo-chat does not run.","type":"outpost_error","code":"server_not_running"}}',
        );
      },
    });
    const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
    await prompt.fill('Hello?');
    await prompt.press('Control+Enter');
    await page.getByText('demo-chat does not run.').waitFor();
    await page.getByText('The server of the model is stopped, loading or failed.').waitFor();
    await page.getByText('HTTP 503').waitFor();
    expect(await prompt.inputValue()).toBe('Hello?');
    await expectAccessible(page);
    await keepScreenshot(page, 'playground-error');
  });

  it('warns when what is chosen will not answer', async () => {
    const { page } = await openPage({ path: '/playground', site: filledFakeSite() });
    const choice = page.getByLabel('Model or feature');
    await choice.selectOption('model:mistral-small');
    await page.getByText('Requests fail until mistral-small is ready.').waitFor();
    await choice.selectOption('feature:code_generations');
    await page.getByText('This feature is disabled').waitFor();
    await expectAccessible(page);
  });

  it.each(colorSchemes)('says what to do when no model is served, in %s', async (colorScheme) => {
    const { page } = await openPage({ path: '/playground', site: emptyFakeSite(), colorScheme });
    await page.getByText('No model is served').waitFor();
    await expectAccessible(page);
    await keepScreenshot(page, `playground-empty-${colorScheme}`);
  });
});
