import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileAtomic } from '../../base/atomic-write.ts';
import type { Clock } from '../../base/clock.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, outpostError, succeed } from '../../contract/outpost-error.ts';
import type { RouteTable } from '../../contract/route-table.ts';
import { routeTableSchema } from '../../contract/route-table.ts';
import type { RouteTableContent } from './build-route-table.ts';
import type { GatewayLink } from './gateway-link.ts';

/** Several changes at once, such as processes starting together, become one write. */
const COALESCE_MS = 50;
const IN_FORCE_WITHIN_MS = 5000;
const ASK_AGAIN_MS = 100;

export interface RouteTableWriterOptions {
  /** runtime/routes.json. */
  readonly file: string;
  readonly link: Pick<GatewayLink, 'reload'>;
  readonly clock: Clock;
  /** The table as it should be now, or null while there is no site. */
  readonly build: () => RouteTableContent | null;
  /** A number that grows with every call and is at least what it is given. */
  readonly nextVersion: (atLeast: number) => number;
  /** Why no gateway can be expected to acknowledge anything, with what to do, or null. */
  readonly gatewayOff: () => { readonly reason: string; readonly action: string } | null;
  readonly warn: (message: string) => void;
}

/** Writes the route table whenever it differs, and knows which version the running gateway has in force. */
export class RouteTableWriter {
  readonly #options: RouteTableWriterOptions;
  #written: { readonly version: number; readonly content: string } | null = null;
  #timer: NodeJS.Timeout | null = null;
  #acknowledged = 0;

  constructor(options: RouteTableWriterOptions) {
    this.#options = options;
  }

  /** Version on disk as far as this service wrote it, or 0. */
  version(): number {
    return this.#written?.version ?? 0;
  }

  /** Writes and hands over soon. */
  schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      const before = this.version();
      const written = this.writeNow();
      if (!written.ok) this.#options.warn(written.error.message);
      else if (written.value !== before) void this.handOver();
    }, COALESCE_MS);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  /** Has the gateway read the table when it has an older one. */
  async handOver(): Promise<void> {
    if (this.version() === 0 || this.#acknowledged >= this.version()) return;
    // Without an answer nothing is lost: the gateway is told again when it is connected.
    await this.#askToReload(IN_FORCE_WITHIN_MS);
  }

  /** The gateway told which version it has, after it was connected. */
  gatewayHas(version: number): void {
    this.#acknowledged = version;
    void this.handOver();
  }

  /** Writes the table if it differs from the last one written; answers with the version on disk. */
  writeNow(): Result<number> {
    const built = this.#options.build();
    if (!built) return succeed(this.version());
    const content = JSON.stringify(built);
    if (this.#written?.content === content) return succeed(this.#written.version);
    try {
      const version = this.#options.nextVersion((readRouteTable(this.#options.file)?.version ?? 0) + 1);
      const table: RouteTable = { version, writtenAtMs: this.#options.clock.nowMs(), ...built };
      writeFileAtomic(this.#options.file, `${JSON.stringify(table, null, 1)}\n`, 0o600);
      this.#written = { version, content };
      return succeed(version);
    } catch (error) {
      return fail(
        'DISK_WRITE_FAILED',
        `Cannot write ${this.#options.file}: ${error instanceof Error ? error.message : String(error)}.`,
        'Check free space and permissions of the data directory.',
      );
    }
  }

  /**
   * Writes the table and waits until the running gateway has it in force, at most 5 s. Fails with SAVED_NOT_IN_FORCE;
   * `what` says what was saved, such as `Key "ci"`. Done at once while there is no site and so no gateway.
   */
  async putInForce(what: string): Promise<Result<void>> {
    const written = this.writeNow();
    if (!written.ok) return written;
    if (written.value === 0) return succeed(undefined);
    const off = this.#options.gatewayOff();
    if (off) return notInForce(what, off.reason, off.action);
    const deadlineMs = this.#options.clock.monotonicMs() + IN_FORCE_WITHIN_MS;
    let lastReason = 'it did not answer within 5 s';
    for (;;) {
      const leftMs = deadlineMs - this.#options.clock.monotonicMs();
      if (leftMs <= 0) break;
      const answer = await this.#askToReload(leftMs);
      if (answer.ok && answer.value >= written.value) return succeed(undefined);
      if (!answer.ok) lastReason = answer.error.message.replace(/\.$/, '');
      await sleep(ASK_AGAIN_MS);
    }
    return notInForce(
      what,
      `the gateway has not taken it over: ${lastReason}`,
      'See "outpost status" and "outpost logs gateway"; it takes effect as soon as the gateway answers or is restarted.',
    );
  }

  async #askToReload(timeoutMs: number): Promise<Result<number>> {
    const answer = await this.#options.link.reload(timeoutMs);
    if (answer.ok) this.#acknowledged = answer.value;
    return answer;
  }
}

function notInForce(what: string, reason: string, action: string): Result<never> {
  return {
    ok: false,
    error: outpostError('SAVED_NOT_IN_FORCE', `${what} is saved, not yet in force: ${reason}.`, action),
  };
}

/** The table on disk, or null when there is none that can be read. */
export function readRouteTable(file: string): RouteTable | null {
  try {
    const parsed = routeTableSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // None written yet; files are replaced in one step, so a broken one was broken by hand and is written anew.
    return null;
  }
}
