import { Button, Select, Switch } from '@mantine/core';
import { IconArrowDown } from '@tabler/icons-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { formatBytes } from '../../components/format-number.ts';
import { LogTerminal } from '../../components/log-terminal.tsx';
import type { LogTerminalHandle } from '../../components/log-terminal.tsx';
import { Panel } from '../../components/panel.tsx';
import { RetryButton } from '../../components/retry-button.tsx';
import { useConnection } from '../../stores/connection.ts';
import { valueOf } from '../../stores/loadable.ts';
import {
  endLogSearch,
  followProcessLog,
  selectHead,
  selectMatches,
  useProcessLogs,
} from '../../stores/process-logs.ts';
import { refreshRuns, selectRuns, useServers } from '../../stores/servers.ts';
import { LogMatches } from './log-matches.tsx';
import { LogSearch } from './log-search.tsx';
import classes from './servers.module.css';

const FIRST_LINES = 2000;
const MOST_LINES = 10_000;
const NEWEST = 'newest';

/** The log of a process, live: terminal view, search, former runs. */
export function LogTab({ process }: { readonly process: ProcessStatus }) {
  const { name, run: newestRun } = process;
  const [parameters, setParameters] = useSearchParams();
  const asked = Number(parameters.get('run'));
  const run = Number.isInteger(asked) && asked > 0 ? asked : null;
  const runs = valueOf(useServers(selectRuns(name)));
  useEffect(() => void refreshRuns(name), [name, newestRun]);

  const choices = useMemo(
    () => [
      { value: NEWEST, label: newestRun > 0 ? `Newest run (${newestRun})` : 'Newest run' },
      ...(runs ?? [])
        .filter((record) => record.number !== newestRun)
        .map((record) => ({ value: String(record.number), label: `Run ${record.number}` })),
    ],
    [runs, newestRun],
  );

  if (newestRun === 0 && process.actual === 'stopped') {
    return (
      <Panel>
        <EmptyState title="It has not run yet">Its output appears here, line by line, once it is started.</EmptyState>
      </Panel>
    );
  }
  return (
    <LogView
      // A process that had no log has one when it runs for the first time.
      key={`${name}/${run ?? NEWEST}/${newestRun === 0}`}
      name={name}
      run={run}
      runSelector={
        <Select
          size="xs"
          w={170}
          aria-label="Run"
          data={choices}
          value={run === null || run === newestRun ? NEWEST : String(run)}
          allowDeselect={false}
          onChange={(value) => setParameters(value === null || value === NEWEST ? {} : { run: value })}
        />
      }
    />
  );
}

interface LogViewProps {
  readonly name: string;
  readonly run: number | null;
  readonly runSelector: React.ReactNode;
}

interface Start {
  readonly fromOffset: number | null;
  readonly lines: number;
}

function LogView({ name, run, runSelector }: LogViewProps) {
  const terminal = useRef<LogTerminalHandle>(null);
  const epoch = useConnection((store) => store.epoch);
  const head = useProcessLogs(selectHead);
  const matches = useProcessLogs(selectMatches);
  const [start, setStart] = useState<Start>({ fromOffset: null, lines: FIRST_LINES });
  const [attempt, setAttempt] = useState(0);
  const [follow, setFollow] = useState(true);
  const [found, setFound] = useState({ index: -1, count: 0 });
  const followRef = useRef(true);
  const pendingOffset = useRef<number | null>(null);

  const changeFollow = useCallback((value: boolean) => {
    followRef.current = value;
    setFollow(value);
    if (value) terminal.current?.toEnd();
  }, []);

  useEffect(() => {
    let lastRun: number | null = null;
    return followProcessLog(
      { name, run, ...start },
      {
        begin: (chunk) => {
          lastRun = chunk.run;
          terminal.current?.clear();
          terminal.current?.write(chunk.text, chunk.fromOffset);
          if (pendingOffset.current !== null) terminal.current?.showOffset(pendingOffset.current);
          pendingOffset.current = null;
        },
        append: (chunk) => {
          if (chunk.run !== lastRun) terminal.current?.note(`run ${chunk.run}`);
          lastRun = chunk.run;
          terminal.current?.write(chunk.text, chunk.fromOffset);
          if (followRef.current) terminal.current?.toEnd();
        },
      },
    );
  }, [name, run, start, epoch, attempt]);

  useEffect(() => endLogSearch, []);

  function showMatch(offset: number) {
    changeFollow(false);
    if (terminal.current?.showOffset(offset)) return;
    // Before what is shown: read again from there on.
    pendingOffset.current = offset;
    setStart({ fromOffset: offset, lines: FIRST_LINES });
  }

  const shown = valueOf(head);
  const earlierHidden = shown !== undefined && shown.fromOffset > shown.droppedBytes;
  return (
    <Panel flush>
      <div className={classes.logToolbar}>
        {runSelector}
        <LogSearch name={name} run={run} terminal={terminal} found={found} />
        <div className={classes.spacer} />
        <Switch
          size="xs"
          label="Follow"
          checked={follow}
          onChange={(event) => changeFollow(event.currentTarget.checked)}
        />
        <Button
          size="xs"
          variant="default"
          leftSection={<IconArrowDown size={14} />}
          onClick={() => terminal.current?.toEnd()}
        >
          Jump to end
        </Button>
        <CopyButton text={() => terminal.current?.text() ?? ''} what="log as shown" label="Copy" />
      </div>
      {head.state === 'failed' && (
        <div style={{ padding: 12 }}>
          <ErrorNotice error={head.error}>
            <RetryButton onRetry={() => setAttempt((count) => count + 1)} />
          </ErrorNotice>
        </div>
      )}
      {shown !== undefined && shown.droppedBytes > 0 && (
        <div className={classes.logNote}>
          The log grew over its cap: the first {formatBytes(shown.droppedBytes)} of this run were dropped.
        </div>
      )}
      <div className={classes.logBody} aria-busy={head.state === 'loading'}>
        <LogTerminal
          ref={terminal}
          label={`Log of ${name}`}
          onAtEndChange={(atEnd) => {
            if (!atEnd && followRef.current) changeFollow(false);
          }}
          onFound={(index, count) => setFound({ index, count })}
        />
        {matches && <LogMatches matches={matches} onShow={showMatch} onClose={endLogSearch} />}
      </div>
      <div className={classes.logFoot}>
        {shown === undefined
          ? 'Reading the log…'
          : `Run ${shown.run} · ${formatBytes(shown.sizeBytes)}${earlierHidden ? ` · shown from byte ${shown.fromOffset.toLocaleString('en-US')}` : ''}`}
        {earlierHidden && start.lines < MOST_LINES && start.fromOffset === null && (
          <Button
            size="compact-xs"
            variant="subtle"
            ml={8}
            onClick={() => setStart({ fromOffset: null, lines: MOST_LINES })}
          >
            Show more lines
          </Button>
        )}
        {start.fromOffset !== null && (
          <Button
            size="compact-xs"
            variant="subtle"
            ml={8}
            onClick={() => setStart({ fromOffset: null, lines: FIRST_LINES })}
          >
            Back to the last lines
          </Button>
        )}
      </div>
    </Panel>
  );
}
