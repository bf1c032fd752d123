import { readFileSync, statSync } from 'node:fs';
import type { Result } from '../contract/outpost-error.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { RouteTable } from '../contract/route-table.ts';
import { routeTableSchema } from '../contract/route-table.ts';

/** Reads and checks the route table; the error SITE_INVALID says what is wrong with it. */
export function readRouteTable(file: string): Result<RouteTable> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fail(
      'SITE_INVALID',
      `The gateway's route table cannot be read: ${why}.`,
      'Start the service; it writes a new one.',
    );
  }
  const table = routeTableSchema.safeParse(content);
  if (table.success) return succeed(table.data);
  const issues = table.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return fail(
    'SITE_INVALID',
    `The gateway's route table is not valid: ${issues}.`,
    'Start the service; it writes a new one.',
  );
}

/** Keeps the newest valid route table in force. */
export class RouteTableKeeper {
  readonly #file: string;
  readonly #onChange: (table: RouteTable) => void;
  readonly #onRefused: (why: string) => void;
  #current: RouteTable;
  #stamp: string;

  constructor(
    file: string,
    first: RouteTable,
    on: { readonly change: (table: RouteTable) => void; readonly refused: (why: string) => void },
  ) {
    this.#file = file;
    this.#current = first;
    this.#onChange = on.change;
    this.#onRefused = on.refused;
    // The first may be older than the file by now; an empty stamp makes the next look read it.
    this.#stamp = '';
  }

  get current(): RouteTable {
    return this.#current;
  }

  /** Reads the file again, whether it seems changed or not; an invalid or older one leaves the present one in force. */
  reload(): Result<RouteTable> {
    this.#stamp = fileStamp(this.#file);
    const read = readRouteTable(this.#file);
    if (!read.ok) {
      this.#onRefused(read.error.message);
      return read;
    }
    if (read.value.version !== this.#current.version || read.value.writtenAtMs !== this.#current.writtenAtMs) {
      this.#current = read.value;
      this.#onChange(read.value);
    }
    return succeed(this.#current);
  }

  /** Reads the file if it changed since the last look; for the case that a message got lost. */
  look(): void {
    if (fileStamp(this.#file) !== this.#stamp) this.reload();
  }
}

/** Changes whenever the file is replaced; empty while it is missing. */
function fileStamp(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true });
  return stats ? `${stats.ino}:${stats.mtimeNs}:${stats.size}` : '';
}
