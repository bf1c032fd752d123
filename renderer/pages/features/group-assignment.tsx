import { Group, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { assignFeaturesAction } from '../../actions/assign-features.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { selectAnySaving, useFeatures } from '../../stores/features.ts';
import type { ServedModel } from '../../stores/models.ts';
import { UNASSIGNED, modelOptions } from './model-options.ts';

const NOTHING = '-';

export interface GroupAssignmentProps {
  readonly group: string;
  readonly features: readonly string[];
  readonly models: readonly ServedModel[];
}

/** Sets all shown features of a group at once. */
export function GroupAssignment({ group, features, models }: GroupAssignmentProps) {
  const [choice, setChoice] = useState(NOTHING);
  const saving = useFeatures(selectAnySaving);
  const setting = choice === NOTHING ? undefined : choice === UNASSIGNED ? null : choice;
  return (
    <Group gap={8} wrap="nowrap">
      <NativeSelect
        size="xs"
        aria-label={`Model for all features of ${group}`}
        value={choice}
        disabled={saving}
        data={[{ value: NOTHING, label: 'All to…' }, ...modelOptions(models, null)]}
        onChange={({ currentTarget }) => setChoice(currentTarget.value)}
      />
      <ActionButton
        action={assignFeaturesAction}
        subject={{ group, features, setting }}
        subjectName={`features of ${group}`}
        onDone={() => setChoice(NOTHING)}
      />
    </Group>
  );
}
