import { z } from 'zod';

/** runtime/service.json: how the CLI and the window find a running service. The token is in its own file. */
export const serviceFileSchema = z.object({
  pid: z.int(),
  version: z.string(),
  /** Base URL of the control API. */
  control: z.string(),
  startedAtMs: z.int(),
});
export type ServiceFile = z.infer<typeof serviceFileSchema>;

/** The JSON line that `outpost serve` prints on stdout when it is ready: a contract with scripts. */
export interface ReadyLine {
  readonly event: 'ready';
  readonly pid: number;
  readonly control: string;
  /** Null when stdout goes to a journal. */
  readonly token: string | null;
  /** First base URL of the gateway; null while there is no site, as in a first run. */
  readonly gateway: string | null;
  readonly data: string;
}
