import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

const ASK_AGAIN_MS = 100;

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

async function isHealthy(baseUrl: string): Promise<boolean> {
  try {
    const answer = await request(`${baseUrl}/health`, { headersTimeout: 2000, bodyTimeout: 2000 });
    await answer.body.dump();
    return answer.statusCode === 200;
  } catch {
    // Not listening yet; asked again until the deadline.
    return false;
  }
}
