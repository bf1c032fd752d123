import type { Result } from '../../contract/outpost-error.ts';
import type { RequestLogReader } from '../../request-log/request-log.ts';

export interface LazyReader {
  get(): Promise<Result<RequestLogReader>>;
  close(): Promise<void>;
}

/** Opens the request log at the first question, since its worker thread costs memory; after a failure the next question tries again. */
export function createLazyReader(open: () => Promise<Result<RequestLogReader>>): LazyReader {
  let opened: Promise<Result<RequestLogReader>> | null = null;
  return {
    get() {
      opened ??= open().then((reader) => {
        if (!reader.ok) opened = null;
        return reader;
      });
      return opened;
    },
    async close() {
      const reader = await opened;
      if (reader?.ok) await reader.value.close();
    },
  };
}
