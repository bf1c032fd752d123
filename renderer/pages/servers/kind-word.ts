import type { ProcessStatus } from '../../../electron/contract/site-status.ts';

const engineWords: Record<string, string> = { vllm: 'vLLM', simulated: 'Simulated engine', command: 'Command' };

/** What a process is, in a word or two. */
export function kindWord({ kind, engine }: Pick<ProcessStatus, 'kind' | 'engine'>): string {
  switch (kind) {
    case 'gateway':
      return 'Takes requests and records them';
    case 'process':
      return 'Other process';
    case 'server':
      return engineWords[engine] ?? engine;
  }
}
