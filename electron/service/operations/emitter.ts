/** Listeners to one kind of news. */
export interface Emitter<T> {
  emit(value: T): void;
  /** Until the signal aborts. */
  follow(listener: (value: T) => void, signal: AbortSignal): void;
}

export function createEmitter<T>(): Emitter<T> {
  const listeners = new Set<(value: T) => void>();
  return {
    emit(value) {
      for (const listener of [...listeners]) listener(value);
    },
    follow(listener, signal) {
      if (signal.aborted) return;
      listeners.add(listener);
      signal.addEventListener('abort', () => listeners.delete(listener), { once: true });
    },
  };
}
