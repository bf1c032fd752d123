import type { Clock } from '../base/clock.ts';
import type { ProbeResult } from './probe.ts';

const FIRST_INTERVAL_MS = 250;
const SLOWEST_START_INTERVAL_MS = 1000;
/** Waiting longer than this: ask less often. */
const EAGER_MS = 10_000;
const HEALTHY_INTERVAL_MS = 5000;
const FAILING_INTERVAL_MS = 1000;

/** Asks for the health of one run again and again: often while it starts or fails, seldom while all is well. */
export class Prober {
  readonly #ask: () => Promise<ProbeResult>;
  readonly #onResult: (result: ProbeResult) => void;
  readonly #clock: Clock;
  readonly #startedAtMs: number;
  #cancel: () => void = () => undefined;
  #stopped = false;
  #wasHealthy: boolean;

  constructor(
    ask: () => Promise<ProbeResult>,
    onResult: (result: ProbeResult) => void,
    wasHealthy: boolean,
    clock: Clock,
  ) {
    this.#ask = ask;
    this.#onResult = onResult;
    this.#wasHealthy = wasHealthy;
    this.#clock = clock;
    this.#startedAtMs = clock.monotonicMs();
    void this.#round();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async #round(): Promise<void> {
    // Asking takes file descriptors, which a system may be out of; the next round may have one.
    const result = await this.#ask().catch((error: Error) => ({ healthy: false, detail: error.message }));
    if (this.#stopped) return;
    this.#onResult(result);
    this.#wasHealthy ||= result.healthy;
    this.#cancel = this.#clock.after(this.#intervalMs(result.healthy), () => void this.#round());
  }

  #intervalMs(healthy: boolean): number {
    if (healthy) return HEALTHY_INTERVAL_MS;
    if (this.#wasHealthy) return FAILING_INTERVAL_MS;
    const waitedMs = this.#clock.monotonicMs() - this.#startedAtMs;
    return waitedMs < EAGER_MS ? FIRST_INTERVAL_MS : SLOWEST_START_INTERVAL_MS;
  }
}
