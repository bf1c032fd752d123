import type { ProgramName } from '../../base/program-files.ts';
import type { Result } from '../../contract/outpost-error.ts';
import type { Readiness } from '../../contract/runner-protocol.ts';
import type { ServerConfig } from '../../contract/site-schema.ts';

/** What the site has decided about one process besides its configuration. */
export interface LaunchContext {
  /** Absolute path of the data directory. */
  readonly dataRoot: string;
  /** Address and port the process is to bind; the port is null in a preview, before one is chosen. */
  readonly host: string;
  readonly port: number | null;
  /** The key that the gateway shows to this server, or null when it gets none. */
  readonly upstreamKey: string | null;
  /** Value of a secret, or null when it is not set. */
  readonly secret: (name: string) => string | null;
  /** The service's own environment; what of it is passed on is decided in environment.ts. */
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  /** Absolute path of Node 24. */
  readonly nodePath: string;
  /** Absolute path of one of Outpost's own programs. */
  readonly programPath: (name: ProgramName) => string;
}

/** How to run one process, before it becomes a runner's spec. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that Outpost or the site file sets, besides those passed on. */
  readonly env: Readonly<Record<string, string>>;
  /** Names in `env` whose values are shown to nobody. */
  readonly secretNames: readonly string[];
  readonly cwd: string | null;
  readonly port: number | null;
  readonly readiness: Readiness;
  readonly readyTimeoutMs: number;
  readonly stopGraceMs: number;
  /** For the operator, before it is run. */
  readonly warnings: readonly string[];
}

/** A kind of software that serves a model. */
export interface Engine {
  /** SITE_INVALID or SECRET_MISSING with what to correct. */
  buildLaunch(server: ServerConfig, context: LaunchContext): Result<Launch>;
}
