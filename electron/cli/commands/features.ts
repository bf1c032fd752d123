import type { Command } from 'commander';
import { succeed } from '../../contract/outpost-error.ts';
import type { FeatureStatus } from '../../contract/feature-status.ts';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { withService } from '../control-client.ts';
import type { TableColumn } from '../render-table.ts';
import { renderTable } from '../render-table.ts';
import { textStyle } from '../text-style.ts';

const symbols: Record<FeatureStatus['state'], string> = { assigned: '●', disabled: '■', unassigned: '○' };

const columns: readonly TableColumn<FeatureStatus>[] = [
  { title: 'GROUP', value: (row) => row.group },
  { title: 'FEATURE', value: (row) => row.feature },
  {
    title: 'STATE',
    value: (row) => `${symbols[row.state]} ${row.state}`,
    tone: (row) => (row.state === 'assigned' ? 'good' : 'quiet'),
  },
  { title: 'MODEL', value: (row) => row.model },
  {
    title: 'SERVED BY',
    value: (row) => row.servers.map((server) => `${server.name} (${server.actual})`).join(', '),
  },
];

export function registerFeatures(program: Command, run: RunCommand): void {
  const features = withCommonOptions(program.command('features'))
    .description('GitLab Duo features and the models that serve them')
    .enablePositionalOptions();

  withCommonOptions(features.command('list', { isDefault: true }))
    .description('list every feature with its setting (the default)')
    .action((_options: unknown, command: Command) =>
      run(command, ({ dataRoot, terminal }) =>
        withService(dataRoot, async (service) => {
          const list = await service.ask(service.api.features.list.query());
          if (!list.ok) return list;
          const text = renderTable<FeatureStatus>(columns, list.value, textStyle(terminal), terminal.columns);
          return succeed({ json: list.value, text });
        }),
      ),
    );

  withCommonOptions(features.command('set'))
    .description('let a model serve a feature, or disable the feature; takes effect on the next request')
    .argument('<feature>', 'a feature as "outpost features" lists it')
    .argument('<model>', 'a served model name, or "disabled"')
    .action((feature: string, setting: string, _options: unknown, command: Command) =>
      run(command, ({ dataRoot }) =>
        withService(dataRoot, async (service) => {
          const set = await service.operate(service.api.features.set.mutate({ feature, setting, author: 'cli' }));
          if (!set.ok) return set;
          const { model, state, endpoint } = set.value;
          const text =
            state === 'assigned'
              ? `${feature} is served by ${model}. Its endpoint for GitLab: ${endpoint}`
              : `${feature} is ${state}.`;
          return succeed({ json: set.value, text });
        }),
      ),
    );
}
