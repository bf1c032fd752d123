import type { Clock } from '../../base/clock.ts';
import type { ServiceLocation } from '../../contract/desktop-bridge.ts';
import type { Result } from '../../contract/outpost-error.ts';
import type { ServiceSight } from './service-sight.ts';
import { isSameLocation, locationAfter } from './service-sight.ts';
import type { StartedService } from './start-service.ts';

export interface ServiceLinkParts {
  readonly look: () => Promise<ServiceSight>;
  readonly start: () => Result<StartedService>;
  readonly clock: Clock;
  /** Called after every change. */
  readonly onChange: (location: ServiceLocation) => void;
}

const LOOK_EVERY_MS = 2000;
const LOOK_WHILE_STARTING_MS = 100;
const READY_WITHIN_MS = 30_000;

/**
 * Knows where the service is: adopts a running one, starts one at the beginning and when asked to, and notices when it
 * goes and when it comes back. Never ends it.
 */
export class ServiceLink {
  #location: ServiceLocation = { state: 'starting' };
  #starting: Promise<ServiceLocation> | null = null;
  #misses = 0;
  #closed = false;
  readonly #parts: ServiceLinkParts;

  constructor(parts: ServiceLinkParts) {
    this.#parts = parts;
  }

  location(): ServiceLocation {
    return this.#location;
  }

  /** Adopts or starts the service, then watches it until `close`. */
  async open(): Promise<void> {
    await this.start();
    this.#watch();
  }

  /** Starts the service unless it runs; resolves with where it is when it is ready or has failed, at most 30 s later. */
  start(): Promise<ServiceLocation> {
    this.#starting ??= this.#findOrStart().finally(() => {
      this.#starting = null;
    });
    return this.#starting;
  }

  close(): void {
    this.#closed = true;
  }

  async #findOrStart(): Promise<ServiceLocation> {
    const first = await this.#parts.look();
    if (first.kind !== 'absent') return this.#see(first);
    this.#set({ state: 'starting' });
    const started = this.#parts.start();
    if (!started.ok) return this.#set(lost(started.error.message, started.error.action));
    const { clock } = this.#parts;
    const startMs = clock.monotonicMs();
    while (clock.monotonicMs() - startMs < READY_WITHIN_MS) {
      // Taken before the look: a service that gives way to another one ends when that one already answers.
      const ended = started.value.ended();
      const sight = await this.#parts.look();
      if (sight.kind === 'answering') return this.#see(sight);
      if (ended !== null) return this.#set(lost(`The service did not start. ${ended}`));
      await this.#pause(LOOK_WHILE_STARTING_MS);
    }
    return this.#set(
      lost(
        `The service was not ready within ${READY_WITHIN_MS / 1000} s.`,
        'It may still come up by itself; if it does not, look into logs/service in the data directory.',
      ),
    );
  }

  #watch(): void {
    this.#parts.clock.after(LOOK_EVERY_MS, () => {
      void this.#lookAgain().then(() => {
        if (!this.#closed) this.#watch();
      });
    });
  }

  async #lookAgain(): Promise<void> {
    if (this.#closed || this.#starting) return;
    const sight = await this.#parts.look();
    // A start that began meanwhile knows better.
    if (!this.#closed && !this.#starting) this.#see(sight);
  }

  #see(sight: ServiceSight): ServiceLocation {
    this.#misses = sight.kind === 'silent' ? this.#misses + 1 : 0;
    return this.#set(locationAfter(this.#location, sight, this.#misses));
  }

  #set(location: ServiceLocation): ServiceLocation {
    if (isSameLocation(location, this.#location)) return this.#location;
    this.#location = location;
    this.#parts.onChange(location);
    return location;
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => void this.#parts.clock.after(delayMs, resolve));
  }
}

function lost(reason: string, action = 'Correct what the reason says, then start it again.'): ServiceLocation {
  return { state: 'lost', reason, action };
}
