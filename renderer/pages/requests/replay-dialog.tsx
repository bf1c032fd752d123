import { Button, Group, Modal, NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { explainError } from '../../components/explain-error.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { formatCount } from '../../components/format-number.ts';
import { readAnswer } from '../../stores/assemble-answer.ts';
import type { Answer } from '../../stores/assemble-answer.ts';
import { useServedModels } from '../../stores/models.ts';
import {
  endReplay,
  runReplay,
  selectOriginal,
  selectReplay,
  stopReplay,
  useReplay,
} from '../../stores/request-replay.ts';
import type { Replay } from '../../stores/request-replay.ts';
import { changeWords, compareTexts } from './compare-texts.ts';
import type { ComparedPiece } from './compare-texts.ts';
import classes from './replay.module.css';

const AS_SENT = '';

/** Sends a recorded request once more and shows both answers side by side. */
export function ReplayDialog() {
  const original = useReplay(selectOriginal);
  return (
    <Modal
      opened={original !== null}
      onClose={endReplay}
      size="min(1200px, 94vw)"
      title={original ? `Replay request ${original.id}` : ''}
    >
      {original && <ReplayView original={original} />}
    </Modal>
  );
}

function ReplayView({ original }: { readonly original: RequestDetail }) {
  const replay = useReplay(selectReplay);
  const models = useServedModels();
  const [model, setModel] = useState(AS_SENT);
  const running = replay?.state === 'running';
  const asSent = original.feature ? `the feature ${original.feature}` : (original.model_asked ?? 'its model');
  return (
    <div className={classes.view}>
      <Group gap="xs" align="flex-end">
        <NativeSelect
          size="xs"
          label="Send it to"
          value={model}
          disabled={running}
          data={[
            { value: AS_SENT, label: `As it was sent, to ${asSent}` },
            ...models.map((one) => ({ value: one.model, label: `${one.model}${one.simulated ? ' (simulated)' : ''}` })),
          ]}
          onChange={({ currentTarget }) => setModel(currentTarget.value)}
        />
        {running ? (
          <Button size="xs" variant="default" onClick={stopReplay}>
            Stop
          </Button>
        ) : (
          <Button size="xs" data-autofocus onClick={() => void runReplay(model === AS_SENT ? null : model)}>
            {replay ? 'Send again' : 'Send'}
          </Button>
        )}
        <span className={classes.hint}>
          It goes through the gateway with the key of the service and becomes a row of its own.
        </span>
      </Group>
      {replay?.error && (
        <ErrorNotice
          error={{
            message: replay.error.message,
            ...actionOf(explainError(replay.error.code, replay.error.status)),
          }}
        />
      )}
      <Comparison original={original} replay={replay} />
    </div>
  );
}

function Comparison({ original, replay }: { readonly original: RequestDetail; readonly replay: Replay | null }) {
  const recorded = useMemo(
    () => (typeof original.response_body === 'string' ? readAnswer(original.response_body) : null),
    [original],
  );
  const before = answerText(recorded);
  const after = answerText(replay?.answer ?? null);
  const ended = replay !== null && replay.state !== 'running';
  const compared = useMemo(() => (ended ? compareTexts(before, after) : null), [ended, before, after]);
  return (
    <>
      <Figures original={original} replay={replay} recorded={recorded} />
      <div className={classes.sides}>
        <Side title="Recorded" pieces={compared?.before ?? [{ text: before, differs: false }]} mark="del" />
        <Side
          title={replay?.state === 'running' ? 'Now, still under way' : 'Now'}
          pieces={compared?.after ?? [{ text: after, differs: false }]}
          mark="ins"
        />
      </div>
      <p className={classes.hint} role="status">
        {compared && differenceWords(before, after, compared.gaveUp)}
      </p>
    </>
  );
}

interface SideProps {
  readonly title: string;
  readonly pieces: readonly ComparedPiece[];
  /** Struck out or underlined, so that it can be told without colours. */
  readonly mark: 'del' | 'ins';
}

function Side({ title, pieces, mark: Mark }: SideProps) {
  const isEmpty = pieces.every(({ text }) => text === '');
  return (
    <section className={classes.side} aria-label={`Answer: ${title}`}>
      <h3>{title}</h3>
      <div className={classes.text} tabIndex={0} role="region" aria-label={`Text: ${title}`}>
        {isEmpty ? <span className={classes.hint}>No text.</span> : null}
        {pieces.map(({ text, differs }, index) => (differs ? <Mark key={index}>{text}</Mark> : text))}
      </div>
    </section>
  );
}

interface FiguresProps {
  readonly original: RequestDetail;
  readonly replay: Replay | null;
  readonly recorded: Answer | null;
}

function Figures({ original, replay, recorded }: FiguresProps) {
  const { answer } = replay ?? {};
  const rows = [
    ['TTFT', original.ttft_ms, replay?.ttftMs ?? null, formatDuration],
    ['Duration', original.duration_ms, replay?.durationMs ?? null, formatDuration],
    ['Prompt tokens', original.prompt_tokens, replay?.row?.prompt_tokens ?? answer?.promptTokens ?? null, formatCount],
    [
      'Completion tokens',
      original.completion_tokens,
      replay?.row?.completion_tokens ?? answer?.completionTokens ?? null,
      formatCount,
    ],
  ] as const;
  return (
    <table className={classes.figures}>
      <thead>
        <tr>
          <td />
          <th scope="col">Recorded</th>
          <th scope="col">Now</th>
          <th scope="col">Difference</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Served by</th>
          <td>{original.served_by ?? '–'}</td>
          <td>{replay?.servedBy ?? '–'}</td>
          <td>{replay?.row && <Link href={`/requests/${replay.row.id}`}>Open its row</Link>}</td>
        </tr>
        {rows.map(([label, before, after, format]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>{format(before)}</td>
            <td>{format(after)}</td>
            <td>{changeWords(before, after, format) ?? '–'}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">Finish reason</th>
          <td>{original.finish_reason ?? recorded?.finishReason ?? '–'}</td>
          <td>{answer?.finishReason ?? '–'}</td>
          <td />
        </tr>
      </tbody>
    </table>
  );
}

/** Text and tool calls as one text, since both are what the model answered. */
function answerText(answer: Answer | null): string {
  if (!answer) return '';
  const calls = answer.toolCalls.map(({ name, arguments: text }) => `${name}(${text})`);
  return [answer.text, ...calls].filter(Boolean).join('\n');
}

function differenceWords(before: string, after: string, gaveUp: boolean): string {
  if (gaveUp) return 'The answers are too long or too different to be compared word by word.';
  if (before === after) return 'Both answers are the same, character by character.';
  return 'What only one of the answers has is struck out on the left and underlined on the right.';
}

function actionOf(action: string | null): { readonly action?: string } {
  return action === null ? {} : { action };
}
