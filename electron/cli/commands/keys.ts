import type { Command } from 'commander';
import type { KeyInfo } from '../../contract/control-api.ts';
import { succeed } from '../../contract/outpost-error.ts';
import type { RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import type { KeyRules } from '../../contract/key-rules.ts';
import { withService } from '../control-client.ts';
import { formatTime } from '../format-values.ts';
import type { KeyOptions } from '../key-options.ts';
import { addKeyOptions, keyRules } from '../key-options.ts';
import type { TableColumn } from '../render-table.ts';
import { renderTable } from '../render-table.ts';
import { textStyle } from '../text-style.ts';

const columns: readonly TableColumn<KeyInfo>[] = [
  { title: 'NAME', value: (row) => row.name },
  { title: 'CREATED', value: (row) => formatTime(row.createdAtMs) },
  {
    title: 'STATE',
    value: (row) => describeState(row, Date.now()),
    tone: (row) => (describeState(row, Date.now()).startsWith('●') ? 'good' : 'quiet'),
  },
  { title: 'MAY', value: (row) => describeRules(row.rules) },
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

  addKeyOptions(withCommonOptions(keys.command('add')))
    .description('make a key and show it, this once')
    .argument('<name>', 'who or what will use it')
    .action((name: string, options: KeyOptions, command: Command) =>
      run(command, ({ dataRoot }) =>
        withService(dataRoot, async (service) => {
          const added = await service.operate(service.api.keys.add.mutate({ name, rules: keyRules(options) }));
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
  const { rules } = key;
  return {
    name: key.name,
    created_at: isoTime(key.createdAtMs),
    revoked_at: isoTime(key.revokedAtMs),
    ...(rules && {
      models: rules.models,
      features: rules.features,
      routes: rules.routes,
      expires_at: isoTime(rules.expiresAtMs),
      requests_per_minute: rules.limits.requestsPerMinute,
      tokens_per_minute: rules.limits.tokensPerMinute,
      concurrency: rules.limits.concurrency,
      tokens_per_day: rules.limits.tokensPerDay,
    }),
  };
}

function describeState({ revokedAtMs, rules }: KeyInfo, nowMs: number): string {
  if (revokedAtMs !== null) return `■ revoked ${formatTime(revokedAtMs)}`;
  const expiresAtMs = rules?.expiresAtMs ?? null;
  if (expiresAtMs === null) return '● valid';
  return expiresAtMs <= nowMs ? `■ expired ${formatTime(expiresAtMs)}` : `● valid until ${formatTime(expiresAtMs)}`;
}

function describeRules(rules: KeyRules | undefined): string {
  if (!rules) return 'everything';
  const { models, features, routes, limits } = rules;
  const parts = [
    models && `models ${models.join(', ')}`,
    features && `features ${features.join(', ')}`,
    routes && `routes ${routes.join(', ')}`,
    limits.requestsPerMinute && `${limits.requestsPerMinute} requests/min`,
    limits.tokensPerMinute && `${limits.tokensPerMinute} tokens/min`,
    limits.concurrency && `${limits.concurrency} at once`,
    limits.tokensPerDay && `${limits.tokensPerDay} tokens/day`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? 'everything' : parts.join('; ');
}

function isoTime(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}
