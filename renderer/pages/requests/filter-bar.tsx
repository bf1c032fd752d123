import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import { requestStates } from '../../../electron/contract/request-row.ts';
import { emptyQuery, isFiltered, spanMs } from '../../stores/request-query.ts';
import type { RequestQuery } from '../../stores/request-query.ts';
import { selectFacets, useRequests } from '../../stores/requests.ts';
import { requestStateWord } from '../../stores/state-words.ts';
import classes from './requests.module.css';

/** How long after the last key what was typed becomes the filter. */
const TYPED_MS = 300;
const CUSTOM = 'custom';

const spans = [
  { value: '', label: 'Any time' },
  { value: '15m', label: 'Last 15 minutes' },
  { value: '1h', label: 'Last hour' },
  { value: '24h', label: 'Last 24 hours' },
  { value: '7d', label: 'Last 7 days' },
  { value: '30d', label: 'Last 30 days' },
] as const;

export interface FilterBarProps {
  readonly query: RequestQuery;
  readonly onChange: (query: RequestQuery) => void;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  /** How much matches, in words; empty while that is not known. */
  readonly count: string;
  /** How many match in all and how many of them failed, in words; empty while that is not known. */
  readonly totals: string;
  /** How long they took, in words; empty while that is not known. */
  readonly latency: string;
}

/** Every filter of the request log; each change is in the address at once. */
export function FilterBar({ query, onChange, searchRef, count, totals, latency }: FilterBarProps) {
  const facets = useRequests(selectFacets);
  const set = (change: Partial<RequestQuery>) => onChange({ ...query, ...change });
  const isSpan = query.since === '' || spanMs(query.since) !== null;
  const [customAsked, setCustom] = useState(false);
  // Also when the address or the histogram has set it.
  const custom = customAsked || !isSpan || query.until !== '';
  return (
    <>
      <div className={classes.filters} role="search" aria-label="Filter requests">
        <TypedInput
          className={classes.search ?? ''}
          label="Search in what was asked and answered: words, “exact phrase” or begin*"
          placeholder="Search text (press /)"
          icon={<IconSearch size={15} />}
          value={query.search}
          inputRef={searchRef}
          onTyped={(search) => set({ search })}
        />
        <Facet
          label="Model"
          all="Any model"
          value={query.model}
          values={facets.models}
          onChange={(model) => set({ model })}
        />
        <Facet
          label="Feature"
          all="Any feature"
          value={query.feature}
          values={facets.features}
          onChange={(feature) => set({ feature })}
        />
        <Facet
          label="Server"
          all="Any server"
          value={query.server}
          values={facets.servers}
          onChange={(server) => set({ server })}
        />
        <Facet label="Key" all="Any key" value={query.key} values={facets.keys} onChange={(key) => set({ key })} />
        <NativeSelect
          size="xs"
          aria-label="State"
          value={query.state}
          data={[
            { value: '', label: 'Any state' },
            ...requestStates.map((state) => ({ value: state, label: requestStateWord(state) })),
          ]}
          onChange={({ currentTarget }) => {
            const state = requestStates.find((one) => one === currentTarget.value);
            set({ state: state ?? '' });
          }}
        />
        <TypedInput
          className={classes.status ?? ''}
          label="HTTP status"
          placeholder="Status"
          value={query.status}
          onTyped={(status) => set({ status })}
          accepts={(text) => /^\d{0,3}$/.test(text)}
          isComplete={(text) => text === '' || text.length === 3}
        />
        <NativeSelect
          size="xs"
          aria-label="Time range"
          value={custom ? CUSTOM : query.since}
          data={[
            ...spans,
            ...(isSpan && !spans.some(({ value }) => value === query.since)
              ? [{ value: query.since, label: `Last ${query.since}` }]
              : []),
            { value: CUSTOM, label: 'From … to …' },
          ]}
          onChange={({ currentTarget }) => {
            setCustom(currentTarget.value === CUSTOM);
            if (currentTarget.value !== CUSTOM) set({ since: currentTarget.value, until: '' });
          }}
        />
        {custom && (
          <>
            <TextInput
              size="xs"
              type="datetime-local"
              aria-label="From"
              value={isSpan ? '' : query.since}
              onChange={({ currentTarget }) => set({ since: currentTarget.value })}
            />
            <TextInput
              size="xs"
              type="datetime-local"
              aria-label="To"
              value={query.until}
              onChange={({ currentTarget }) => set({ until: currentTarget.value })}
            />
          </>
        )}
      </div>
      <div className={classes.count}>
        <span role="status">{count}</span>
        {totals !== '' && <span>{totals}</span>}
        {latency !== '' && <span>{latency}</span>}
        {isFiltered(query) && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              setCustom(false);
              onChange(emptyQuery);
            }}
          >
            Clear filters
          </Button>
        )}
      </div>
    </>
  );
}

interface FacetProps {
  readonly label: string;
  readonly all: string;
  readonly value: string;
  readonly values: readonly string[];
  readonly onChange: (value: string) => void;
}

function Facet({ label, all, value, values, onChange }: FacetProps) {
  const offered = value === '' || values.includes(value) ? values : [value, ...values];
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={value}
      data={[{ value: '', label: all }, ...offered]}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

interface TypedInputProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onTyped: (text: string) => void;
  /** Whether it may be typed at all. */
  readonly accepts?: (text: string) => boolean;
  /** Whether it can be filtered by; what is not stays in the field only. */
  readonly isComplete?: (text: string) => boolean;
  readonly className?: string;
  readonly icon?: ReactNode;
  readonly inputRef?: RefObject<HTMLInputElement | null>;
}

/** A field that filters when typing pauses, and at once on Enter. */
function TypedInput(props: TypedInputProps) {
  const { label, placeholder, value, onTyped, accepts, isComplete, className, icon, inputRef } = props;
  const [typed, setTyped] = useState<string | null>(null);
  // Rows that arrive draw the page again; that must not make the pause start over.
  const latest = useRef({ onTyped, isComplete });
  useEffect(() => {
    latest.current = { onTyped, isComplete };
  });

  const commit = useCallback((text: string) => {
    if (!(latest.current.isComplete?.(text) ?? true)) return;
    setTyped(null);
    latest.current.onTyped(text);
  }, []);
  useEffect(() => {
    if (typed === null) return;
    const timer = setTimeout(() => commit(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, commit]);

  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={placeholder}
      {...(className === undefined ? {} : { className })}
      {...(inputRef ? { ref: inputRef } : {})}
      leftSection={icon}
      value={typed ?? value}
      onChange={({ currentTarget }) => {
        if (accepts?.(currentTarget.value) ?? true) setTyped(currentTarget.value);
      }}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Escape') currentTarget.blur();
        if (key === 'Enter' && typed !== null) commit(typed);
      }}
    />
  );
}
