import { Loader, NativeSelect, Table } from '@mantine/core';
import { Link } from 'wouter';
import type { FeatureStatus } from '../../../electron/contract/feature-status.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { SimulatedBadge } from '../../components/simulated-badge.tsx';
import { ProcessStateBadge, StateBadge, ToneShape } from '../../components/state-badge.tsx';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { selectFeatureSaving, setFeature, useFeatures } from '../../stores/features.ts';
import type { FeatureSaving } from '../../stores/features.ts';
import type { ServedModel } from '../../stores/models.ts';
import { DISABLED, UNASSIGNED, isServable, modelOptions } from './model-options.ts';
import { maturityWord } from './maturity-word.ts';
import classes from './features.module.css';

const FEATURE_COLUMNS = 4;

/** One feature: what it is, what serves it, how that is doing, and the address GitLab is given. */
export function FeatureRow({
  feature,
  models,
}: {
  readonly feature: FeatureStatus;
  readonly models: readonly ServedModel[];
}) {
  const saving = useFeatures(selectFeatureSaving(feature.feature));
  const live = useConnection(selectIsLive);
  const served = models.find(({ model }) => model === feature.model) ?? null;
  const value = feature.state === 'disabled' ? DISABLED : (feature.model ?? UNASSIGNED);
  const busy = saving?.state === 'saving';
  const failed = saving?.state === 'failed' || saving?.state === 'not-in-force' ? saving : null;

  return (
    <>
      <Table.Tr data-feature={feature.feature} data-explained={failed !== null}>
        <Table.Td className={classes.nameCell ?? ''}>
          <div className={classes.title}>{feature.title}</div>
          <div className={classes.facts}>
            <code>{feature.feature}</code>
            <span>
              {maturityWord(feature.maturity)} since {feature.since.replace(/ GA$/, '')}
            </span>
          </div>
        </Table.Td>
        <Table.Td className={classes.choiceCell ?? ''}>
          <NativeSelect
            size="xs"
            aria-label={`What serves ${feature.title}`}
            value={value}
            disabled={busy || !live}
            data={modelOptions(models, feature.model)}
            onChange={({ currentTarget }) =>
              void setFeature(feature.feature, currentTarget.value === UNASSIGNED ? null : currentTarget.value)
            }
          />
          <SavingText saving={saving} />
        </Table.Td>
        <Table.Td>
          <ServingState feature={feature} served={served} />
        </Table.Td>
        <Table.Td className={classes.endpointCell ?? ''}>
          <div className={classes.endpoint}>
            <code title={feature.endpoint}>{pathOf(feature.endpoint)}</code>
            <CopyButton text={feature.endpoint} what={`endpoint of ${feature.title}`} />
          </div>
        </Table.Td>
      </Table.Tr>
      {failed && (
        <Table.Tr>
          <Table.Td colSpan={FEATURE_COLUMNS}>
            <ErrorNotice error={failed.error} tone={failed.state === 'failed' ? 'bad' : 'warn'} />
          </Table.Td>
        </Table.Tr>
      )}
    </>
  );
}

function SavingText({ saving }: { readonly saving: FeatureSaving | null }) {
  switch (saving?.state) {
    case undefined:
      return null;
    case 'saving':
      return (
        <span className={classes.saving}>
          <Loader size={11} /> Saving…
        </span>
      );
    case 'in-force':
      return (
        <span className={`${classes.saving} ${classes.done}`}>
          <ToneShape tone="ok" size={11} /> Saved and in force
        </span>
      );
    case 'not-in-force':
      return (
        <span className={`${classes.saving} ${classes.warn}`}>
          <ToneShape tone="warn" size={11} /> Saved, not yet in force
        </span>
      );
    case 'failed':
      return (
        <span className={`${classes.saving} ${classes.bad}`}>
          <ToneShape tone="bad" size={11} /> Not saved
        </span>
      );
  }
}

function ServingState({ feature, served }: { readonly feature: FeatureStatus; readonly served: ServedModel | null }) {
  if (feature.state === 'disabled') return <StateBadge tone="idle" label="Disabled" />;
  if (feature.state === 'unassigned') return <StateBadge tone="idle" label="Unassigned" />;
  if (!served) {
    return (
      <div className={classes.warning}>
        <StateBadge tone="bad" label="Not served" /> No server serves {feature.model}.
      </div>
    );
  }
  return (
    <div className={classes.servers}>
      {served.servers.map(({ name, actual, simulated }) => (
        <div key={name} className={classes.server}>
          <ProcessStateBadge state={actual} />
          <Link href={`/servers/${name}`}>{name}</Link>
          {simulated && <SimulatedBadge />}
        </div>
      ))}
      {!isServable(served) && (
        <div className={classes.warning}>
          Requests fail until {served.servers.length > 1 ? 'one of them' : 'it'} is ready.
        </div>
      )}
    </div>
  );
}

/** The part in which endpoints differ; what they have in common is above the tables. */
function pathOf(endpoint: string): string {
  return new URL(endpoint).pathname;
}
