import type { CommandPreview } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import type { RunnerSpec } from '../../contract/runner-protocol.ts';
import type { ProcessConfig, ServerConfig } from '../../contract/site-schema.ts';
import type { ListenAddress } from '../ports/listen-address.ts';

/** What a process is given besides its configuration. */
export interface ProcessPlace {
  readonly port: number;
  /** Key that a model server asks for, or null for engines that are given none. */
  readonly upstreamKey: string | null;
}

/** Turns configuration into what runners run; the engines behind it are the service's only knowledge of commands. */
export interface ProcessSpecs {
  /** Fails with SECRET_MISSING when a secret is not set. */
  server(server: ServerConfig, place: ProcessPlace): Result<RunnerSpec>;
  process(process: ProcessConfig, place: ProcessPlace): Result<RunnerSpec>;
  gateway(listen: ListenAddress): RunnerSpec;
  /** The port is null while none is chosen. Secrets are not shown, and need not be set. */
  preview(server: ServerConfig, port: number | null): Result<CommandPreview>;
}
