import { useMemo } from 'react';
import type { ProcessStatus } from '../../electron/contract/site-status.ts';
import { selectProcesses, useStatus } from './status.ts';

/** A served model name with the servers behind it as they are now. */
export interface ServedModel {
  readonly model: string;
  readonly servers: readonly ProcessStatus[];
  /** Whether no real model stands behind it. */
  readonly simulated: boolean;
}

/** Every model that some server is configured to serve, kept up to date with the state of the servers. */
export function useServedModels(): readonly ServedModel[] {
  const processes = useStatus(selectProcesses);
  return useMemo(() => servedModels(processes), [processes]);
}

/** In the order of the servers; a model with several servers comes once. */
export function servedModels(processes: readonly ProcessStatus[]): readonly ServedModel[] {
  const byModel = new Map<string, ProcessStatus[]>();
  for (const process of processes) {
    for (const model of process.serves) byModel.set(model, [...(byModel.get(model) ?? []), process]);
  }
  return [...byModel].map(([model, servers]) => ({
    model,
    servers,
    simulated: servers.every(({ simulated }) => simulated),
  }));
}
