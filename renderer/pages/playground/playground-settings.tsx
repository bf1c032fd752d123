import { NativeSelect, NumberInput, Switch, Textarea } from '@mantine/core';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { ProcessStateBadge, ToneShape } from '../../components/state-badge.tsx';
import { selectFeatures, useFeatures } from '../../stores/features.ts';
import { valueOf } from '../../stores/loadable.ts';
import { useServedModels } from '../../stores/models.ts';
import { changeDraft, selectDraft, usePlayground } from '../../stores/playground.ts';
import { targetFromValue, targetValue } from './target-value.ts';
import { useTargetState } from './use-target-state.ts';
import classes from './playground.module.css';

/** Who is asked, and how. */
export function PlaygroundSettings() {
  const draft = usePlayground(selectDraft);
  const models = useServedModels();
  const features = valueOf(useFeatures(selectFeatures)) ?? [];
  const { served, warning } = useTargetState(draft.target);
  const first = models[0]?.model;
  useEffect(() => {
    if (draft.target === null && first !== undefined) changeDraft({ target: { kind: 'model', name: first } });
  }, [draft.target, first]);

  const offered = [
    ...models.map(({ model }) => targetValue({ kind: 'model', name: model })),
    ...features.map(({ feature }) => targetValue({ kind: 'feature', name: feature })),
  ];
  const current = targetValue(draft.target);
  return (
    <form className={classes.settings} aria-label="What to ask and how" onSubmit={(event) => event.preventDefault()}>
      <NativeSelect
        label="Model or feature"
        value={current}
        onChange={({ currentTarget }) => changeDraft({ target: targetFromValue(currentTarget.value) })}
        data={[
          ...(offered.includes(current) ? [] : [{ value: current, label: draft.target?.name ?? 'None is served' }]),
          {
            group: 'Models',
            items: models.map(({ model }) => ({ value: targetValue({ kind: 'model', name: model }), label: model })),
          },
          {
            group: 'Features',
            items: features.map(({ feature, title, model }) => ({
              value: targetValue({ kind: 'feature', name: feature }),
              label: `${title} (${model ?? 'no model'})`,
            })),
          },
        ]}
      />
      {served && (
        <div className={classes.servers}>
          {served.servers.map(({ name, actual, simulated }) => (
            <div key={name} className={classes.server}>
              <ProcessStateBadge state={actual} />
              <Link href={`/servers/${name}`}>{name}</Link>
              {simulated && <SimulatedBadge />}
            </div>
          ))}
        </div>
      )}
      {warning && (
        <div className={classes.warning} role="status">
          <ToneShape tone="warn" /> <span>{warning}</span>
        </div>
      )}
      <Textarea
        label="System prompt"
        placeholder="None"
        autosize
        minRows={3}
        maxRows={10}
        value={draft.system}
        onChange={({ currentTarget }) => changeDraft({ system: currentTarget.value })}
      />
      <NumberInput
        label="Max tokens"
        placeholder="As the server decides"
        min={1}
        max={1_000_000}
        allowDecimal={false}
        allowNegative={false}
        value={draft.maxTokens ?? ''}
        onChange={(value) => changeDraft({ maxTokens: typeof value === 'number' ? value : null })}
      />
      <NumberInput
        label="Temperature"
        placeholder="As the server decides"
        min={0}
        max={2}
        step={0.1}
        decimalScale={2}
        allowNegative={false}
        value={draft.temperature ?? ''}
        onChange={(value) => changeDraft({ temperature: typeof value === 'number' ? value : null })}
      />
      <Switch
        label="Stream the answer"
        checked={draft.stream}
        onChange={({ currentTarget }) => changeDraft({ stream: currentTarget.checked })}
      />
    </form>
  );
}
