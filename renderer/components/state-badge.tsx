import type { ActualState } from '../../electron/contract/process-state.ts';
import type { RequestState } from '../../electron/contract/request-row.ts';
import { actualStateTone, actualStateWord, requestStateTone, requestStateWord } from '../stores/state-words.ts';
import type { Tone } from '../stores/state-words.ts';
import classes from './state-badge.module.css';

/** A state as shape, word and colour, so that it can be told without seeing colours. */
export function StateBadge({ tone, label }: { readonly tone: Tone; readonly label: string }) {
  return (
    <span className={`${classes.badge} ${classes[tone]}`}>
      <ToneShape tone={tone} />
      {label}
    </span>
  );
}

export function ProcessStateBadge({ state }: { readonly state: ActualState }) {
  return <StateBadge tone={actualStateTone(state)} label={actualStateWord(state)} />;
}

export function RequestStateBadge({ state }: { readonly state: RequestState }) {
  return <StateBadge tone={requestStateTone(state)} label={requestStateWord(state)} />;
}

/** A shape of its own for each tone: check, turning arc, triangle, octagon, ring. */
export function ToneShape({ tone, size = 12 }: { readonly tone: Tone; readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" fill="none">
      {shapes[tone]}
    </svg>
  );
}

const shapes: Record<Tone, React.JSX.Element> = {
  ok: (
    <>
      <circle cx="6" cy="6" r="6" fill="currentColor" />
      <path d="M3.4 6.2 5.3 8l3.4-3.8" stroke="var(--op-surface)" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  busy: (
    <>
      <circle cx="6" cy="6" r="4.8" stroke="currentColor" strokeOpacity="0.28" strokeWidth="1.8" />
      <path d="M6 1.2a4.8 4.8 0 0 1 4.8 4.8" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" />
    </>
  ),
  warn: (
    <>
      <path d="M6 .8 11.6 11H.4z" fill="currentColor" strokeLinejoin="round" />
      <path d="M6 4.3v3M6 8.9v.1" stroke="var(--op-surface)" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  bad: (
    <>
      <path d="M3.6.2h4.8L11.8 3.6v4.8L8.4 11.8H3.6L.2 8.4V3.6z" fill="currentColor" />
      <path d="m4 4 4 4m0-4-4 4" stroke="var(--op-surface)" strokeWidth="1.4" strokeLinecap="round" />
    </>
  ),
  idle: <circle cx="6" cy="6" r="4.9" stroke="currentColor" strokeWidth="1.8" />,
};
