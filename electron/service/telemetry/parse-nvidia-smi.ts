import type { GpuStatus } from '../../contract/site-status.ts';

/** Fields asked for, in this order; the name is last since it alone may hold a comma. */
export const nvidiaSmiFields = ['index', 'memory.total', 'memory.used', 'utilization.gpu', 'name'] as const;

const MIB = 1024 * 1024;

/**
 * Reads the output of `nvidia-smi --query-gpu=… --format=csv,noheader,nounits`. What the driver does not tell ("[N/A]",
 * "[Not Supported]" and others) is null; a line without a GPU index is skipped.
 */
export function parseNvidiaSmi(output: string): readonly GpuStatus[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [index, total, used, utilization, ...name] = line.split(',').map((part) => part.trim());
    const gpu = numberOrNull(index);
    if (gpu === null || name.length === 0) return [];
    return [
      {
        index: gpu,
        name: name.join(', '),
        memory_total_bytes: inBytes(numberOrNull(total)),
        memory_used_bytes: inBytes(numberOrNull(used)),
        utilization_percent: numberOrNull(utilization),
      },
    ];
  });
}

function numberOrNull(text: string | undefined): number | null {
  return text !== undefined && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function inBytes(mib: number | null): number | null {
  return mib === null ? null : Math.round(mib * MIB);
}
