import type { ExportFormat } from '../../../electron/contract/export-rows.ts';
import { spanMs } from '../../stores/request-query.ts';
import type { RequestQuery } from '../../stores/request-query.ts';
import { quoteForShell } from './build-curl.ts';

/** The command that writes the same export on the machine of the service, whatever its size. */
export function exportCommand(query: RequestQuery, format: ExportFormat): string {
  const options: readonly (readonly [string, string])[] = [
    ['--since', moment(query.since)],
    ['--until', moment(query.until)],
    ['--model', query.model],
    ['--feature', query.feature],
    ['--server', query.server],
    ['--key', query.key],
    ['--state', query.state],
    ['--http-status', query.status],
    ['--search', query.search.trim()],
  ];
  const given = options.flatMap(([name, value]) => (value === '' ? [] : [`${name} ${quoteForShell(value)}`]));
  return ['outpost requests export', `--format ${format}`, ...given, `--out requests.${format}`].join(' ');
}

/** A span as it is, a local time in UTC, since the service may run elsewhere. */
function moment(text: string): string {
  return text === '' || spanMs(text) !== null ? text : new Date(text).toISOString();
}
