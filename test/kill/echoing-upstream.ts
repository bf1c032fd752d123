import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A model server whose answers differ from request to request, so that a mixed-up record is noticed. */
export async function startEchoingUpstream(): Promise<string> {
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('error', () => res.destroy());
    req.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        stream?: boolean;
        messages: { content: string }[];
      };
      const content = body.messages[0]?.content ?? '';
      if (body.stream === true) answerStream(res, content);
      else {
        res.setHeader('content-type', 'application/json');
        const choices = [
          { index: 0, message: { role: 'assistant', content: `echo ${content}` }, finish_reason: 'stop' },
        ];
        res.end(JSON.stringify({ choices, usage: { prompt_tokens: 1, completion_tokens: 2 } }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerStream(res: http.ServerResponse, content: string): void {
  res.setHeader('content-type', 'text/event-stream; charset=utf-8');
  let step = 0;
  const timer = setInterval(() => {
    step += 1;
    if (step <= 5) {
      const choice = { index: 0, delta: { content: `${content} ${step} ` }, finish_reason: step === 5 ? 'stop' : null };
      res.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
      return;
    }
    clearInterval(timer);
    res.write(`data: ${JSON.stringify({ choices: [], usage: { prompt_tokens: 1, completion_tokens: 5 } })}\n\n`);
    res.end('data: [DONE]\n\n');
  }, 2);
  res.on('close', () => clearInterval(timer));
}
