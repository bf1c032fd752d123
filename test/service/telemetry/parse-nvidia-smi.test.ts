import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parseNvidiaSmi } from '../../../electron/service/telemetry/parse-nvidia-smi.ts';
import { startGpuPoller } from '../../../electron/service/telemetry/gpu-poller.ts';
import { makeTempDir } from '../../fixtures/temp-dir.ts';
import { waitFor } from '../../fixtures/wait-for.ts';

it('reads what the driver tells, and takes nothing for 0 that it does not tell', () => {
  const output =
    '0, 81559, 4, 0, NVIDIA H100 80GB HBM3\n1, [N/A], 512, [Not Supported], NVIDIA RTX, special edition\n\nno GPU\n';
  expect(parseNvidiaSmi(output)).toEqual([
    {
      index: 0,
      name: 'NVIDIA H100 80GB HBM3',
      memory_total_bytes: 81559 * 1024 * 1024,
      memory_used_bytes: 4 * 1024 * 1024,
      utilization_percent: 0,
    },
    {
      index: 1,
      name: 'NVIDIA RTX, special edition',
      memory_total_bytes: null,
      memory_used_bytes: 512 * 1024 * 1024,
      utilization_percent: null,
    },
  ]);
});

function poll(script: string | null) {
  let tool: string | null = null;
  if (script !== null) {
    tool = path.join(makeTempDir(), 'nvidia-smi');
    writeFileSync(tool, `#!/bin/sh\n${script}\n`);
    chmodSync(tool, 0o755);
  }
  const poller = startGpuPoller(() => undefined, tool);
  onTestFinished(() => poller.stop());
  return poller;
}

it('polls the tool', async () => {
  const poller = poll('echo "0, 1000, 10, 55, Test GPU"');
  await waitFor(() => poller.reading().gpus.length === 1);
  expect(poller.reading()).toMatchObject({ gpus: [{ name: 'Test GPU', utilization_percent: 55 }], note: null });
});

it('repeats what the tool says when there is no GPU to see', async () => {
  const words = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.";
  const poller = poll(`echo "${words}"; exit 9`);
  await waitFor(() => poller.reading().note?.includes(words));
  expect(poller.reading().gpus).toEqual([]);
});

it('says that there is no driver when there is no tool', () => {
  expect(poll(null).reading()).toEqual({
    gpus: [],
    note: 'No NVIDIA driver was found: there is no nvidia-smi on the PATH.',
  });
});
