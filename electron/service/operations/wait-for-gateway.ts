import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const ASK_AGAIN_MS = 100;
const ANSWER_WITHIN_MS = 2000;

/** Whether the gateway's /health answers 200 within the time. */
export async function waitForGateway(baseUrl: () => string | null, withinMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const url = baseUrl();
    if (url !== null && (await isHealthy(url))) return true;
    if (performance.now() + ASK_AGAIN_MS > deadlineMs) return false;
    await sleep(ASK_AGAIN_MS);
  }
}

function isHealthy(baseUrl: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = http.get(`${baseUrl}/health`, { agent: false, timeout: ANSWER_WITHIN_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    // Not listening yet; asked again until the deadline.
    request.on('error', () => resolve(false));
    request.on('timeout', () => request.destroy());
  });
}
