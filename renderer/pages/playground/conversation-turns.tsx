import { Loader } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import { GATEWAY_NAME } from '../../../electron/contract/names.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { explainError } from '../../components/explain-error.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { formatCount, formatRate } from '../../components/format-number.ts';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { DurationText } from '../../components/time-text.tsx';
import type { PlaygroundTurn } from '../../stores/playground.ts';
import { selectProcess, useStatus } from '../../stores/status.ts';
import { tokensPerSecond } from './measure-turn.ts';
import classes from './playground.module.css';

/** Nearer to the end than this, the view goes along with the answer. */
const NEAR_END_PX = 80;

export function ConversationTurns({ turns }: { readonly turns: readonly PlaygroundTurn[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const goesAlong = useRef(true);
  const last = turns.at(-1);
  useEffect(() => {
    goesAlong.current = true;
  }, [last?.id]);
  useEffect(() => {
    const element = scroller.current;
    if (element && goesAlong.current) element.scrollTop = element.scrollHeight;
  }, [last]);
  return (
    <div
      ref={scroller}
      className={classes.turns}
      tabIndex={0}
      role="region"
      aria-label="Conversation"
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        goesAlong.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
      }}
    >
      {turns.length === 0 && (
        <EmptyState title="Nothing asked yet">
          The answer appears here as it comes, with its timings and a link to its row in the request log. The
          conversation stays while you look at other pages.
        </EmptyState>
      )}
      {turns.map((turn) => (
        <Turn key={turn.id} turn={turn} />
      ))}
    </div>
  );
}

function Turn({ turn }: { readonly turn: PlaygroundTurn }) {
  const { prompt, answer, state, target, servedBy, error } = turn;
  const simulated = useStatus(selectProcess(servedBy ?? ''))?.simulated ?? false;
  return (
    <article className={classes.turn} aria-label={`Prompt ${turn.id}`} data-state={state}>
      <div className={classes.prompt}>{prompt}</div>
      <div className={classes.answer} aria-busy={state === 'running'}>
        <div className={classes.answerHead}>
          <strong>{target.name}</strong>
          {servedBy && servedBy !== target.name && servedBy !== GATEWAY_NAME && <span>served by {servedBy}</span>}
          {simulated && <SimulatedBadge />}
          {state === 'stopped' && <span>Stopped by you</span>}
          {answer.text !== '' && (
            <span className={classes.copy}>
              <CopyButton text={answer.text} what="answer" />
            </span>
          )}
        </div>
        {answer.reasoning !== '' && (
          <details className={classes.reasoning}>
            <summary>Reasoning</summary>
            <div className={classes.text}>{answer.reasoning}</div>
          </details>
        )}
        {answer.text !== '' && (
          <div className={classes.text} data-testid="answer">
            {answer.text}
          </div>
        )}
        {answer.toolCalls.map((call, index) => (
          <div key={index} className={classes.hint}>
            Calls <code>{call.name}</code> {call.arguments}
          </div>
        ))}
        {state === 'running' && answer.text === '' && (
          <div className={classes.hint}>
            <Loader size={12} /> Waiting for the first token, <DurationText startMs={turn.startedAtMs} endMs={null} />
          </div>
        )}
        {error && (
          <ErrorNotice
            error={{
              message: error.message,
              ...adviceFor(error.code, error.status),
            }}
            more={
              error.status !== null && (
                <div className={classes.hint}>
                  HTTP {error.status}
                  {error.code && ` · ${error.code}`}
                </div>
              )
            }
          />
        )}
        {state !== 'running' && <Measures turn={turn} />}
      </div>
    </article>
  );
}

function Measures({ turn }: { readonly turn: PlaygroundTurn }) {
  const { answer, ttftMs, durationMs, rowId, requestId } = turn;
  const rate = tokensPerSecond(answer.completionTokens, ttftMs, durationMs);
  return (
    <div className={classes.footer}>
      <dl className={classes.measures}>
        <Measure label="TTFT" value={formatDuration(ttftMs)} />
        <Measure label="Duration" value={formatDuration(durationMs)} />
        <Measure label="Tokens in" value={formatCount(answer.promptTokens)} />
        <Measure label="Tokens out" value={formatCount(answer.completionTokens)} />
        <Measure label="Tokens/s" value={rate === null ? '–' : formatRate(rate)} />
        {answer.finishReason && <Measure label="Ended by" value={answer.finishReason} />}
      </dl>
      {rowId !== null && <Link href={`/requests/${rowId}`}>Show in Requests</Link>}
      {rowId === null && requestId && <span className={classes.hint}>Request id {requestId}</span>}
    </div>
  );
}

function Measure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function adviceFor(code: string | null, status: number | null): { readonly action?: string } {
  const action = status === null ? 'Look at the Overview to see what runs.' : explainError(code, status);
  return action === null ? {} : { action };
}
