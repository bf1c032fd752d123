/**
 * Runs work at once when it is asked for, then again at most every `pauseMs`, never twice at the same time; whatever is
 * asked for meanwhile is one more run at the end.
 */
export function coalesce(work: () => Promise<void>, pauseMs: number): { run(): void; cancel(): void } {
  let busy = false;
  let again = false;
  let cancelled = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function start() {
    busy = true;
    again = false;
    try {
      await work();
    } finally {
      if (!cancelled) timer = setTimeout(finish, pauseMs);
    }
  }

  function finish() {
    busy = false;
    if (again) void start();
  }

  return {
    run() {
      if (cancelled) return;
      if (busy) again = true;
      else void start();
    },
    cancel() {
      cancelled = true;
      clearTimeout(timer);
    },
  };
}
