import { execFile } from 'node:child_process';
import type { GpuStatus } from '../../contract/site-status.ts';
import { findOnPath } from './find-executable.ts';
import { nvidiaSmiFields, parseNvidiaSmi } from './parse-nvidia-smi.ts';

const POLL_MS = 5000;
/** A hung GPU can block the tool in the kernel; it is then left behind and the next poll waits for it to be gone. */
const TIMEOUT_MS = 4000;

export interface GpuReading {
  readonly gpus: readonly GpuStatus[];
  /** Why none is listed, or null. */
  readonly note: string | null;
}

export interface GpuPoller {
  reading(): GpuReading;
  stop(): void;
}

/** Reads the GPUs every few seconds through `nvidia-smi`; without that tool it only says so and costs nothing. */
export function startGpuPoller(onChange: () => void, tool: string | null = findOnPath('nvidia-smi')): GpuPoller {
  let reading: GpuReading = { gpus: [], note: tool ? 'The GPUs have not been read yet.' : noTool };
  if (!tool) return { reading: () => reading, stop: () => undefined };

  let timer: NodeJS.Timeout | null = null;
  let stopped = false;
  const poll = () => {
    readGpus(tool, (next) => {
      if (stopped) return;
      const changed = JSON.stringify(next) !== JSON.stringify(reading);
      reading = next;
      timer = setTimeout(poll, POLL_MS);
      timer.unref();
      if (changed) onChange();
    });
  };
  poll();
  return {
    reading: () => reading,
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
    },
  };
}

const noTool = 'No NVIDIA driver was found: there is no nvidia-smi on the PATH.';

function readGpus(tool: string, done: (reading: GpuReading) => void): void {
  const args = [`--query-gpu=${nvidiaSmiFields.join(',')}`, '--format=csv,noheader,nounits'];
  execFile(tool, args, { timeout: TIMEOUT_MS, killSignal: 'SIGKILL', windowsHide: true }, (error, stdout, stderr) => {
    const gpus = parseNvidiaSmi(stdout);
    if (!error && gpus.length > 0) return done({ gpus, note: null });
    const said = `${stdout}\n${stderr}`.trim().split('\n')[0] ?? '';
    if (error?.killed) return done({ gpus: [], note: `nvidia-smi did not answer within ${TIMEOUT_MS / 1000} s.` });
    done({ gpus: [], note: said === '' ? 'nvidia-smi lists no GPU.' : `nvidia-smi says: ${said}` });
  });
}
