import { Button, Group, Loader, Modal, SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { ExportFormat } from '../../../electron/contract/export-rows.ts';
import { CodeBlock } from '../../components/code-block.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { formatCount } from '../../components/format-number.ts';
import { cancelExport, forgetExport, runExport, selectExport, useExport } from '../../stores/request-export.ts';
import { isFiltered } from '../../stores/request-query.ts';
import type { RequestQuery } from '../../stores/request-query.ts';
import { exportCommand } from './export-command.ts';
import classes from './requests.module.css';

export interface ExportDialogProps {
  readonly opened: boolean;
  readonly query: RequestQuery;
  readonly onClose: () => void;
}

/** Writes what the filter leaves to a file, however much it is. */
export function ExportDialog({ opened, query, onClose }: ExportDialogProps) {
  const [format, setFormat] = useState<ExportFormat>('jsonl');
  const { state, rows, error } = useExport(selectExport);
  const running = state === 'running';
  return (
    <Modal
      opened={opened}
      size="lg"
      title="Export requests"
      onClose={() => {
        forgetExport();
        onClose();
      }}
    >
      <div className={classes.export}>
        <p className={classes.hint}>
          {isFiltered(query) ? 'Every request that matches the filter' : 'Every request of the log'}, newest first,
          without bodies. In CSV, text that a spreadsheet would run as a formula is made harmless.
        </p>
        <Group gap="sm">
          <SegmentedControl
            size="xs"
            aria-label="Format"
            value={format}
            disabled={running}
            onChange={(next) => setFormat(next as ExportFormat)}
            data={[
              { value: 'jsonl', label: 'JSON Lines' },
              { value: 'csv', label: 'CSV' },
            ]}
          />
          {running ? (
            <Button size="xs" variant="default" onClick={cancelExport}>
              Cancel export
            </Button>
          ) : (
            <Button size="xs" data-autofocus onClick={() => void runExport(query, format)}>
              Export
            </Button>
          )}
          {running && <Loader size={15} aria-hidden="true" />}
          <span role="status" className={classes.hint}>
            {progressWords(state, rows)}
          </span>
        </Group>
        {error && <ErrorNotice error={error} />}
        <div>
          <p className={classes.hint}>The same on the machine of the service:</p>
          <CodeBlock code={exportCommand(query, format)} what="export command" />
        </div>
      </div>
    </Modal>
  );
}

function progressWords(state: string, rows: number): string {
  switch (state) {
    case 'running':
      return `${formatCount(rows)} rows so far; goes on when this is closed`;
    case 'done':
      return `Done: ${formatCount(rows)} rows`;
    case 'cancelled':
      return 'Cancelled; no file was left';
    default:
      return '';
  }
}
