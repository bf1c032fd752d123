import type { Command } from 'commander';
import type { SecretInfo } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { withService } from '../control-client.ts';
import { formatTime } from '../format-values.ts';
import type { TableColumn } from '../render-table.ts';
import { renderTable } from '../render-table.ts';
import type { Terminal } from '../terminal.ts';
import { textStyle } from '../text-style.ts';

const columns: readonly TableColumn<SecretInfo>[] = [
  { title: 'NAME', value: (row) => row.name },
  { title: 'SET', value: (row) => formatTime(row.setAtMs) },
  { title: 'USED BY', value: (row) => row.usedBy.join(', ') },
];

export function registerSecrets(program: Command, run: RunCommand): void {
  const secrets = withCommonOptions(program.command('secrets'))
    .description('values that the site file refers to; never shown')
    .enablePositionalOptions();

  withCommonOptions(secrets.command('list', { isDefault: true }))
    .description('list secrets by name (the default)')
    .action((_options: unknown, command: Command) =>
      run(command, ({ dataRoot, terminal }) =>
        withService(dataRoot, async (service) => {
          const list = await service.ask(service.api.secrets.list.query());
          if (!list.ok) return list;
          const text =
            list.value.length === 0
              ? 'There is no secret yet. "outpost secrets set NAME" reads one from stdin.'
              : renderTable<SecretInfo>(columns, list.value, textStyle(terminal), terminal.columns);
          return succeed({ json: list.value.map(secretAsJson), text });
        }),
      ),
    );

  withCommonOptions(secrets.command('set'))
    .description('store a value, read from stdin; asked for when stdin is a terminal')
    .argument('<name>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, async ({ dataRoot, terminal }) => {
        const given = await readValue(terminal, name);
        if (!given.ok) return given;
        return withService(dataRoot, async (service) => {
          const set = await service.operate(service.api.secrets.set.mutate({ name, value: given.value }));
          if (!set.ok) return set;
          const { usedBy } = set.value;
          const use =
            usedBy.length === 0 ? 'Nothing in the site file refers to it yet.' : `Used by ${usedBy.join(', ')}.`;
          return succeed({ json: secretAsJson(set.value), text: `The secret "${name}" is set. ${use}` });
        });
      }),
    );

  withCommonOptions(secrets.command('remove'))
    .description('forget a value')
    .argument('<name>')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, ({ dataRoot }) =>
        withService(dataRoot, async (service) => {
          const removed = await service.operate(service.api.secrets.remove.mutate({ name }));
          if (!removed.ok) return removed;
          return succeed({ json: removed.value, text: `The secret "${name}" is removed.` });
        }),
      ),
    );
}

/** Without the line end that `echo` and editors add. */
async function readValue(terminal: Terminal, name: string): Promise<Result<string>> {
  const typed = terminal.stdinIsTty
    ? await terminal.askHidden(`Value of "${name}" (not shown): `)
    : await terminal.readInput();
  if (typed === null) return fail('USAGE', 'No value was given; nothing is changed.');
  const value = typed.replace(/\r?\n$/, '');
  // What decoding puts in place of bytes that are no text; the value could not be given back as it was.
  if (value.includes('\uFFFD')) {
    return fail(
      'USAGE',
      'The value is not valid UTF-8 text; nothing is changed.',
      'Encode it first, for example as Base64.',
    );
  }
  if (value !== '') return succeed(value);
  return fail(
    'USAGE',
    'The value is empty; nothing is changed.',
    'Write it to stdin, as in: outpost secrets set NAME < file.',
  );
}

function secretAsJson(secret: SecretInfo) {
  return { name: secret.name, set_at: new Date(secret.setAtMs).toISOString(), used_by: secret.usedBy };
}
