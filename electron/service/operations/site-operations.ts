import type { ControlOperations } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import { gatewayLogSchema } from '../../contract/site-schema.ts';
import type { SiteFileState } from '../../contract/site-status.ts';
import { findEngineCandidates } from '../models/engine-candidates.ts';
import { putLogSettings, putServer, removeServerByName } from '../site/edit-site.ts';
import type { SiteKeeper } from '../site/site-keeper.ts';
import type { ProcessSpecs } from './process-specs.ts';
import type { SiteRuntime } from './site-runtime.ts';

const HISTORY_LIMIT = 500;

export interface SiteOperationParts {
  readonly keeper: SiteKeeper;
  readonly runtime: SiteRuntime;
  readonly specs: ProcessSpecs;
  /** Text of a first site. */
  readonly firstSite: (kind: 'demo' | 'empty', name: string | undefined) => Promise<string>;
}

type Names =
  | 'site'
  | 'siteHistory'
  | 'startSite'
  | 'validateSiteText'
  | 'saveSiteText'
  | 'saveServer'
  | 'removeServer'
  | 'saveLogSettings'
  | 'rollback'
  | 'previewCommand'
  | 'engineCandidates';

export function siteOperations({
  keeper,
  runtime,
  specs,
  firstSite,
}: SiteOperationParts): Pick<ControlOperations, Names> {
  /** A change counts as done when the runners know of it. */
  const apply = async (result: Result<SiteFileState>): Promise<Result<SiteFileState>> => {
    if (!result.ok) return result;
    await runtime.reconcile();
    return succeed(keeper.state());
  };

  return {
    async site() {
      const site = runtime.site();
      return {
        exists: keeper.exists(),
        text: keeper.text(),
        file: keeper.state(),
        servers: site?.servers ?? [],
        log: site?.gateway.log ?? gatewayLogSchema.parse({}),
      };
    },
    async siteHistory() {
      return keeper.history(HISTORY_LIMIT);
    },
    async startSite({ kind, name, author }) {
      return apply(keeper.start(await firstSite(kind, name), author));
    },
    async validateSiteText(text) {
      return keeper.validate(text);
    },
    async saveSiteText({ text, baseRevision, author }) {
      return apply(keeper.save(text, baseRevision, author));
    },
    async saveServer({ server, replaces, author }) {
      const servers = runtime.site()?.servers ?? [];
      if (replaces !== null && !servers.some(({ name }) => name === replaces)) return unknownServer(replaces);
      if (server.name !== replaces && servers.some(({ name }) => name === server.name)) {
        return fail('ALREADY_EXISTS', `There is a server named "${server.name}" already.`, 'Choose another name.');
      }
      const what = replaces === null ? `add ${server.name}` : `change ${replaces}`;
      return apply(keeper.edit(putServer(server, replaces), author, what));
    },
    async removeServer({ name, author }) {
      const site = runtime.site();
      const server = site?.servers.find((other) => other.name === name);
      if (!site || !server) return unknownServer(name);
      const elsewhere = new Set(site.servers.filter((other) => other !== server).flatMap((other) => other.serves));
      const orphaned = Object.entries(site.features).filter(
        ([, setting]) => setting !== 'disabled' && !elsewhere.has(setting.model),
      );
      if (orphaned.length > 0) {
        return fail(
          'SITE_INVALID',
          `${name} cannot be removed: no other server would serve ${listInWords(orphaned.map(([feature]) => feature))}.`,
          'Assign these features to another model, or disable them, first.',
        );
      }
      return apply(keeper.edit(removeServerByName(name), author, `remove ${name}`));
    },
    async saveLogSettings({ log, author }) {
      const given = Object.fromEntries(Object.entries(log).filter(([, value]) => value !== undefined));
      return apply(keeper.edit(putLogSettings(given), author, 'change the request log settings'));
    },
    async rollback({ revision, author }) {
      return apply(keeper.rollback(revision, author));
    },
    async previewCommand(server) {
      return specs.preview(server, server.port || runtime.port(server.name));
    },
    async engineCandidates() {
      return findEngineCandidates();
    },
  };
}

function unknownServer(name: string): Result<never> {
  return fail('PROCESS_UNKNOWN', `The site has no server named "${name}".`, 'List the servers: outpost status.');
}

function listInWords(names: readonly string[]): string {
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more features`;
}
