import { Button, Group } from '@mantine/core';
import { IconArrowUp, IconDownload, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link, useLocation, useParams, useSearch } from 'wouter';
import { AsyncView, LineSkeleton } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useWhileLive } from '../../stores/follow-service.ts';
import { valueOf } from '../../stores/loadable.ts';
import { localTimeText } from '../../stores/histogram-range.ts';
import { analyseRequests, followAnalysis, selectTotals, useRequestAnalysis } from '../../stores/request-analysis.ts';
import { latencyWords, totalsWords } from '../../stores/totals-words.ts';
import { countWords, stepFrom } from '../../stores/request-list.ts';
import { emptyQuery, isFiltered, queryFromSearch, searchFromQuery } from '../../stores/request-query.ts';
import type { RequestQuery } from '../../stores/request-query.ts';
import {
  MOST_COUNTED,
  followRequests,
  readNewest,
  selectRequestList,
  selectWaiting,
  setFollowing,
  showRequests,
  useRequests,
} from '../../stores/requests.ts';
import { restoreRequestPreferences } from '../../stores/request-preferences.ts';
import { endReplay } from '../../stores/request-replay.ts';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { FilterBar } from './filter-bar.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { RequestDetailPanel } from './request-detail-panel.tsx';
import { SearchPattern } from './highlighted.tsx';
import { RequestHistogramView } from './request-histogram.tsx';
import { RequestTable } from './request-table.tsx';
import { SavedViewsMenu } from './saved-views-menu.tsx';
import { searchPattern } from './search-marks.ts';
import { useRequestKeys } from './use-request-keys.ts';
import classes from './requests.module.css';

/** The record of every request, newest first, with one of them open beside it. */
export function RequestsPage() {
  const { id } = useParams<{ id?: string }>();
  const search = useSearch();
  const [, navigate] = useLocation();
  const live = useConnection(selectIsLive);
  useWhileLive(followRequests);
  useWhileLive(followAnalysis);
  // Its row opens behind the comparison, which has then been read.
  useEffect(() => endReplay, [id]);

  const list = useRequests(selectRequestList);
  useEffect(restoreRequestPreferences, []);
  const [paused, setPaused] = useState(false);
  const [exporting, setExporting] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const [cursor, setCursor] = useState<number | null>(null);
  const searchRef = useRef<HTMLInputElement>(null);
  const openId = id === undefined ? null : Number(id);
  // The same filter is the same text, so that the list is read anew only when it really changed.
  const canonical = searchFromQuery(queryFromSearch(search));
  const suffix = canonical === '' ? '' : `?${canonical}`;

  useEffect(() => {
    if (!live) return;
    void showRequests(queryFromSearch(canonical));
    void analyseRequests(queryFromSearch(canonical));
  }, [canonical, live]);
  useEffect(() => setFollowing(!paused && atTop), [paused, atTop]);

  function open(next: number) {
    setCursor(next);
    // Going from one request to the next is not a step to come back to.
    navigate(`/requests/${next}${suffix}`, { replace: openId !== null });
  }
  function close() {
    navigate(`/requests${suffix}`);
    document.querySelector<HTMLElement>('[data-request-grid]')?.focus();
  }
  function filterBy(query: RequestQuery) {
    const next = searchFromQuery(query);
    navigate(`/requests${openId === null ? '' : `/${openId}`}${next === '' ? '' : `?${next}`}`, { replace: true });
  }
  function toTop() {
    document.querySelector('[data-request-grid]')?.scrollTo(0, 0);
    setAtTop(true);
    setPaused(false);
    void readNewest();
  }

  useRequestKeys({
    onStep: (steps) => {
      const shown = valueOf(list);
      const next = shown && stepFrom(shown, cursor ?? openId, steps);
      if (!next) return;
      if (openId === null) setCursor(next);
      else open(next);
    },
    onEnter: () => {
      if (cursor !== null && cursor !== openId) open(cursor);
    },
    onEscape: () => {
      if (openId !== null) close();
    },
    onSearch: () => searchRef.current?.focus(),
    onExport: () => setExporting(true),
    onPause: () => setPaused(!paused),
  });

  const query = queryFromSearch(search);
  const totals = valueOf(useRequestAnalysis(selectTotals));
  const pattern = useMemo(() => searchPattern(query.search), [query.search]);
  return (
    <div className={classes.page} data-wide="true" data-open={openId !== null}>
      <div className={classes.list}>
        <PageHeader
          title="Requests"
          description="Every request that reached the gateway, whatever became of it"
          actions={
            <>
              <FollowControls paused={paused} atTop={atTop} onPause={setPaused} onTop={toTop} />
              <SavedViewsMenu search={canonical} />
              <ColumnChooser />
              <Button
                size="xs"
                variant="default"
                leftSection={<IconDownload size={15} />}
                onClick={() => setExporting(true)}
              >
                Export
              </Button>
            </>
          }
        />
        <FilterBar
          query={query}
          onChange={filterBy}
          searchRef={searchRef}
          totals={totals ? totalsWords(totals) : ''}
          latency={totals ? latencyWords(totals) : ''}
          count={list.state === 'loaded' && list.value.rows.length > 0 ? countWords(list.value) : ''}
        />
        <RequestHistogramView
          onBrush={({ sinceMs, untilMs }) =>
            filterBy({ ...query, since: localTimeText(sinceMs), until: localTimeText(untilMs) })
          }
        />
        <div className={classes.frame}>
          <AsyncView
            data={list}
            what="requests"
            inset
            skeleton={<LineSkeleton lines={12} height={20} />}
            isEmpty={({ rows }) => rows.length === 0}
            empty={<NothingToShow query={query} onClear={() => filterBy(emptyQuery)} />}
            onRetry={() => void readNewest()}
          >
            {(value) => (
              <RequestTable
                key={canonical}
                list={value}
                cursor={cursor}
                openId={openId}
                onOpen={open}
                onAtTop={setAtTop}
              />
            )}
          </AsyncView>
        </div>
      </div>
      {openId !== null && (
        <SearchPattern value={pattern}>
          <RequestDetailPanel key={openId} id={openId} onClose={close} />
        </SearchPattern>
      )}
      <ReplayDialog />
      <ExportDialog opened={exporting} query={query} onClose={() => setExporting(false)} />
    </div>
  );
}

interface FollowControlsProps {
  readonly paused: boolean;
  readonly atTop: boolean;
  readonly onPause: (paused: boolean) => void;
  readonly onTop: () => void;
}

function FollowControls({ paused, atTop, onPause, onTop }: FollowControlsProps) {
  const waiting = useRequests(selectWaiting);
  return (
    <Group gap="xs">
      {waiting > 0 && (
        <Button size="xs" leftSection={<IconArrowUp size={15} />} onClick={onTop}>
          {waiting > MOST_COUNTED ? `More than ${MOST_COUNTED} new` : `${waiting} new`}
        </Button>
      )}
      {!paused && !atTop && <span className={classes.hint}>New ones wait while you scroll</span>}
      <Button
        size="xs"
        variant="default"
        aria-pressed={paused}
        leftSection={paused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
        onClick={() => onPause(!paused)}
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
    </Group>
  );
}

function NothingToShow({ query, onClear }: { readonly query: RequestQuery; readonly onClear: () => void }) {
  if (isFiltered(query)) {
    return (
      <EmptyState
        title="No request matches"
        actions={
          <Button size="xs" variant="default" onClick={onClear}>
            Clear filters
          </Button>
        }
      >
        Nothing in the request log has all of these. New requests that match appear here by themselves.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="No request yet"
      actions={
        <Button component={Link} href="/playground" size="xs">
          Send one in the Playground
        </Button>
      }
    >
      Whatever a client sends to the gateway appears here, with its answer and its timings, also when it fails or is
      refused.
    </EmptyState>
  );
}
