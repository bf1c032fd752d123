import { Group, Progress, Text } from '@mantine/core';
import type { GpuStatus } from '../../../electron/contract/site-status.ts';
import { formatBytes } from '../../components/format-number.ts';
import { Panel } from '../../components/panel.tsx';
import classes from './overview.module.css';

export interface GpuPanelProps {
  readonly gpus: readonly GpuStatus[];
  /** Why there are none, in words. */
  readonly note: string | null;
}

export function GpuPanel({ gpus, note }: GpuPanelProps) {
  if (gpus.length === 0) {
    return (
      <Panel title="GPUs">
        <Text size="sm" c="dimmed">
          {note ?? 'No GPU was found.'}
        </Text>
      </Panel>
    );
  }
  return (
    <Panel title="GPUs" flush>
      {gpus.map((gpu) => (
        <div key={gpu.index} className={classes.gpu}>
          <Group justify="space-between" gap="xs" wrap="nowrap">
            <Text size="sm" fw={600}>
              {gpu.index}: {gpu.name}
            </Text>
            <Text size="sm" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
              {gpu.utilization_percent === null ? 'load unknown' : `${gpu.utilization_percent} % busy`}
            </Text>
          </Group>
          {gpu.memory_total_bytes !== null && gpu.memory_used_bytes !== null && (
            <Progress
              mt={6}
              size="sm"
              value={(100 * gpu.memory_used_bytes) / gpu.memory_total_bytes}
              aria-label={`Memory of GPU ${gpu.index}`}
            />
          )}
          <Text size="xs" c="dimmed" mt={4}>
            {formatBytes(gpu.memory_used_bytes)} of {formatBytes(gpu.memory_total_bytes)} memory used
          </Text>
        </div>
      ))}
    </Panel>
  );
}
