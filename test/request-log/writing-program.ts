/*
 * Writes requests until it is killed and prints, for every row whose close was acknowledged, its id and the hash of its
 * bodies. Run by the kill test on Node with type stripping: DIRECTORY DURABILITY [BODY_BYTES].
 */
import { createHash, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { gatewayLogSchema } from '../../electron/contract/site-schema.ts';
import { openRequestLog } from '../../electron/request-log/open-request-log.ts';

const [directory = '', durability = 'strict', bodyBytes = '20000'] = process.argv.slice(2);
const log = await openRequestLog({
  directory,
  settings: gatewayLogSchema.parse({ durability, retain: { days: 36_000, bodies_days: 36_000 } }),
});
if (!log.ok) throw new Error(log.error.message);
const { value } = log;

// The day changes now and then, so that partitions are packed while the program is killed.
let day = 0;
setInterval(() => (day += 1), 300);

async function client(number: number): Promise<void> {
  for (let count = 0; ; count += 1) {
    const requestBody = randomBytes(1 + ((number * 7919 + count * 104_729) % Number(bodyBytes)));
    const responseBody = Buffer.from(`answer ${number} ${count} `.repeat(20));
    const id = value.open({
      timeMs: Date.now() + day * 86_400_000,
      requestId: `r-${number}-${count}`,
      method: 'POST',
      route: '/v1/chat/completions',
      clientAddress: null,
      key: null,
      feature: null,
      modelAsked: 'm',
      stream: false,
    });
    // Some requests last, so that rows are left running.
    if (count % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    const closed = await value.close(
      {
        id,
        state: 'ok',
        httpStatus: 200,
        modelServed: 'm',
        servedBy: 's',
        promptTokens: 1,
        completionTokens: 1,
        cachedTokens: null,
        ttftMs: null,
        durationMs: 1,
        queueMs: null,
        finishReason: 'stop',
        retries: 0,
        error: null,
        errorCode: null,
        count: 1,
      },
      {
        requestBody,
        responseBody,
        requestHeaders: {},
        responseHeaders: {},
        chunkTimesMs: null,
        promptText: `client ${number} request ${count}`,
        answerText: null,
      },
    );
    if (!closed.ok) {
      writeSync(1, `failed ${closed.error.code} ${closed.error.message}\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      continue;
    }
    const hash = createHash('sha256').update(requestBody).update(responseBody).digest('hex');
    // Written to the pipe before anything else happens, so the ledger holds all that was acknowledged.
    writeSync(1, `ok ${id} ${hash}\n`);
  }
}

await Promise.all(Array.from({ length: 16 }, (_, number) => client(number)));
