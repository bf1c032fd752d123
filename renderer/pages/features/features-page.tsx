import { Button, Stack, Table, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { FeatureStatus } from '../../../electron/contract/feature-status.ts';
import { AsyncView, LineSkeleton } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Panel } from '../../components/panel.tsx';
import { followFeatures, refreshFeatures, selectFeatures, useFeatures } from '../../stores/features.ts';
import { useWhileLive } from '../../stores/follow-service.ts';
import { useServedModels } from '../../stores/models.ts';
import { FeatureRow } from './feature-row.tsx';
import { GroupAssignment } from './group-assignment.tsx';
import { groupFeatures } from './group-features.ts';
import classes from './features.module.css';

/** Which model serves each GitLab Duo feature. */
export function FeaturesPage() {
  useWhileLive(followFeatures);
  const features = useFeatures(selectFeatures);
  const [filter, setFilter] = useState('');
  return (
    <>
      <PageHeader
        title="Features"
        description="Which model serves each GitLab Duo feature. GitLab keeps the endpoint of a feature; reassigning it here takes effect on the next request."
      />
      <AsyncView
        data={features}
        what="features"
        skeleton={<LineSkeleton lines={9} height={44} />}
        isEmpty={(list) => list.length === 0}
        empty={
          <Panel>
            <EmptyState title="No features are known">The list of GitLab Duo features could not be found.</EmptyState>
          </Panel>
        }
        onRetry={() => void refreshFeatures()}
      >
        {(list) => <FeatureGroups features={list} filter={filter} onFilter={setFilter} />}
      </AsyncView>
    </>
  );
}

interface FeatureGroupsProps {
  readonly features: readonly FeatureStatus[];
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

function FeatureGroups({ features, filter, onFilter }: FeatureGroupsProps) {
  const models = useServedModels();
  const groups = groupFeatures(features, filter);
  const assigned = features.filter(({ state }) => state === 'assigned').length;
  const origin = features[0] ? new URL(features[0].endpoint).origin : null;
  const disabled = features.filter(({ state }) => state === 'disabled').length;
  return (
    <Stack gap="md">
      {models.length === 0 && (
        <ErrorNotice
          tone="warn"
          alert={false}
          error={{
            message: 'No model is served, so no feature can be assigned.',
            action: 'Add a model server; its models can be chosen here at once.',
          }}
        >
          <Button component={Link} href="/add-server" size="xs" variant="default">
            Add server
          </Button>
        </ErrorNotice>
      )}
      <div className={classes.toolbar}>
        <TextInput
          size="xs"
          w={300}
          leftSection={<IconSearch size={15} />}
          placeholder="Name, group, model or state"
          aria-label="Filter features"
          value={filter}
          onChange={({ currentTarget }) => onFilter(currentTarget.value)}
        />
        <span role="status">
          {assigned} assigned, {disabled} disabled, {features.length - assigned - disabled} unassigned
          {filter.trim() !== '' && ` · ${groups.reduce((sum, group) => sum + group.features.length, 0)} shown`}
        </span>
        {origin && (
          <span className={classes.origin}>
            Endpoints begin with <code>{origin}</code>
          </span>
        )}
      </div>
      {groups.length === 0 && (
        <Panel>
          <EmptyState
            title="No feature matches"
            actions={
              <Button variant="default" size="xs" onClick={() => onFilter('')}>
                Clear the filter
              </Button>
            }
          >
            None of the {features.length} features has these words in its name, group, model or state.
          </EmptyState>
        </Panel>
      )}
      {groups.map(({ group, features: members }) => (
        <Panel
          key={group}
          title={group}
          flush
          aside={<GroupAssignment group={group} features={members.map(({ feature }) => feature)} models={models} />}
        >
          <div className={classes.scroll} tabIndex={0} role="region" aria-label={`Features of ${group}`}>
            <Table className={classes.table ?? ''} verticalSpacing={8} horizontalSpacing={12}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Feature</Table.Th>
                  <Table.Th>Served by</Table.Th>
                  <Table.Th>State</Table.Th>
                  <Table.Th>Endpoint for GitLab</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {members.map((feature) => (
                  <FeatureRow key={feature.feature} feature={feature} models={models} />
                ))}
              </Table.Tbody>
            </Table>
          </div>
        </Panel>
      ))}
    </Stack>
  );
}
