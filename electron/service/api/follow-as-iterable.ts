/** What one slow subscriber may leave unread before the oldest values are dropped in favour of newer ones. */
const MAX_WAITING = 1000;

/**
 * Turns an operation that emits values until its signal aborts into what a subscription yields. Ends when the client
 * unsubscribes; nothing else ends it.
 */
export async function* followAsIterable<T>(
  follow: (emit: (value: T) => void, signal: AbortSignal) => void,
  clientSignal: AbortSignal | undefined,
): AsyncGenerator<T, void, void> {
  const ended = new AbortController();
  const waiting: T[] = [];
  let wake: () => void = () => {};
  const end = () => {
    ended.abort();
    wake();
  };
  clientSignal?.addEventListener('abort', end, { once: true });
  if (clientSignal?.aborted) end();
  try {
    follow((value) => {
      waiting.push(value);
      if (waiting.length > MAX_WAITING) waiting.shift();
      wake();
    }, ended.signal);
    while (!ended.signal.aborted) {
      const value = waiting.shift();
      if (value !== undefined) {
        yield value;
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    ended.abort();
    clientSignal?.removeEventListener('abort', end);
  }
}
