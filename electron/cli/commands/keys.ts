import type { Command } from 'commander';
import type { KeyInfo } from '../../contract/control-api.ts';
import { succeed } from '../../contract/outpost-error.ts';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { withService } from '../control-client.ts';
import { formatTime } from '../format-values.ts';
import type { TableColumn } from '../render-table.ts';
import { renderTable } from '../render-table.ts';
import { textStyle } from '../text-style.ts';

const columns: readonly TableColumn<KeyInfo>[] = [
  { title: 'NAME', value: (row) => row.name },
  { title: 'CREATED', value: (row) => formatTime(row.createdAtMs) },
  {
    title: 'STATE',
    value: (row) => (row.revokedAtMs === null ? '● valid' : `■ revoked ${formatTime(row.revokedAtMs)}`),
    tone: (row) => (row.revokedAtMs === null ? 'good' : 'quiet'),
  },
];

export function registerKeys(program: Command, run: RunCommand): void {
  const keys = withCommonOptions(program.command('keys'))
    .description('API keys of the gateway')
    .enablePositionalOptions();

  withCommonOptions(keys.command('list', { isDefault: true }))
    .description('list keys, without their values (the default)')
    .action((_options: unknown, command: Command) =>
      run(command, ({ dataRoot, terminal }) =>
        withService(dataRoot, async (service) => {
          const list = await service.ask(service.api.keys.list.query());
          if (!list.ok) return list;
          const text =
            list.value.length === 0
              ? 'There is no key yet. "outpost keys add NAME" makes one.'
              : renderTable<KeyInfo>(columns, list.value, textStyle(terminal), terminal.columns);
          return succeed({ json: list.value.map(keyAsJson), text });
        }),
      ),
    );

  withCommonOptions(keys.command('add'))
    .description('make a key and show it, this once')
    .argument('<name>', 'who or what will use it')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, ({ dataRoot }) =>
        withService(dataRoot, async (service) => {
          const added = await service.operate(service.api.keys.add.mutate({ name }));
          if (!added.ok) return added;
          const text = `${added.value.key}\n\nThis is the key "${added.value.name}". It is shown only now.`;
          return succeed({ json: added.value, text });
        }),
      ),
    );

  withCommonOptions(keys.command('revoke'))
    .description('refuse a key from now on')
    .argument('<name>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, ({ dataRoot }) =>
        withService(dataRoot, async (service) => {
          const revoked = await service.operate(service.api.keys.revoke.mutate({ name }));
          if (!revoked.ok) return revoked;
          return succeed({ json: keyAsJson(revoked.value), text: `The key "${name}" is revoked.` });
        }),
      ),
    );
}

function keyAsJson(key: KeyInfo) {
  return { name: key.name, created_at: isoTime(key.createdAtMs), revoked_at: isoTime(key.revokedAtMs) };
}

function isoTime(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}
