/**
 * Runs an asynchronous job one at a time. A call while it runs leads to one more run after it, shared by all who called
 * meanwhile, so that every caller's promise resolves after a run that began after the call. A failed run rejects for its
 * own callers only.
 */
export function coalesce(job: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = (): Promise<void> => {
    running = job().finally(() => {
      running = null;
    });
    return running;
  };
  return () => {
    // Between the end of a run and the beginning of the promised one, nothing is running.
    if (next) return next;
    if (!running) return run();
    next = running
      .catch(() => {
        // Told to those who asked for that run.
      })
      .then(() => {
        next = null;
        return run();
      });
    return next;
  };
}
