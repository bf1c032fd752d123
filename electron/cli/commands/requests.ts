import path from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { succeed } from '../../contract/outpost-error.ts';
import type { RequestSummary } from '../../contract/request-row.ts';
import type { Answer, RunCommand } from '../command-context.ts';
import { withCommonOptions } from '../command-context.ts';
import { withService } from '../control-client.ts';
import type { ExportFormat } from '../../contract/export-rows.ts';
import { exportHeading, exportRows } from '../../contract/export-rows.ts';
import { writeFileWhole } from '../write-file-whole.ts';
import { renderRequestDetail, renderRequests } from '../render-requests.ts';
import { readRequestPages } from '../request-pages.ts';
import type { RequestOptions } from '../request-options.ts';
import { anyId, requestFilterOf, withRequestOptions } from '../request-options.ts';
import { textStyle } from '../text-style.ts';

const DEFAULT_LIMIT = 50;

export function registerRequests(program: Command, run: RunCommand): void {
  const requests = withRequestOptions(
    withCommonOptions(program.command('requests')),
    `how many at most (default: ${DEFAULT_LIMIT})`,
  )
    .description('list requests from the request log, newest first')
    .enablePositionalOptions()
    .action((options: RequestOptions, command: Command) =>
      run(command, ({ dataRoot, terminal }) =>
        withService(dataRoot, async (service) => {
          const rows: RequestSummary[] = [];
          const read = await readRequestPages(
            service,
            requestFilterOf(options),
            { limit: options.limit ?? DEFAULT_LIMIT, beforeId: options.before ?? null },
            (page) => void rows.push(...page),
          );
          if (!read.ok) return read;
          return succeed({ json: rows, text: renderRequests(rows, textStyle(terminal), terminal.columns) });
        }),
      ),
    );

  withCommonOptions(requests.command('show'))
    .description('show one request with its headers and bodies')
    .argument('<id>', 'id as "outpost requests" lists it', anyId)
    .action((id: number, _options: unknown, command: Command) =>
      run(command, ({ dataRoot, terminal }) =>
        withService(dataRoot, async (service) => {
          const detail = await service.operate(service.api.requests.get.query({ id }));
          if (!detail.ok) return detail;
          return succeed({ json: detail.value, text: renderRequestDetail(detail.value, textStyle(terminal)) });
        }),
      ),
    );

  registerExport(requests, run);
}

interface ExportOptions extends RequestOptions {
  readonly format: ExportFormat;
  readonly out?: string;
}

function registerExport(requests: Command, run: RunCommand): void {
  withRequestOptions(withCommonOptions(requests.command('export')), 'how many at most (default: all)')
    .description('write requests, without bodies, to a file or to stdout, newest first')
    .addOption(
      new Option('--format <format>', 'one JSON object per line, or CSV')
        .choices(['jsonl', 'csv'] satisfies ExportFormat[])
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'file to write; it is replaced only when the export is complete')
    .action((_options: ExportOptions, command: Command) =>
      run(command, ({ dataRoot, terminal, json }) =>
        withService<Answer>(dataRoot, async (service) => {
          // With those given before "export".
          const options = command.optsWithGlobals<ExportOptions>();
          const produce = async (write: (text: string) => Promise<void>) => {
            await write(exportHeading(options.format));
            return readRequestPages(
              service,
              requestFilterOf(options),
              { limit: options.limit ?? null, beforeId: options.before ?? null },
              (page) => write(exportRows(options.format, page)),
            );
          };
          const file = options.out === undefined ? null : path.resolve(options.out);
          const outcome = await (file === null
            ? produce((text) => terminal.write(text))
            : writeFileWhole(file, produce));
          if (!outcome.ok) return outcome;
          const { rows } = outcome.value;
          if (json && file !== null) return succeed({ json: { rows, file }, text: '' });
          terminal.writeError(
            `${rows} ${rows === 1 ? 'request' : 'requests'} exported${file === null ? '' : ` to ${file}`}.\n`,
          );
          return succeed({ exitCode: 0 });
        }),
      ),
    );
}
