import { ActionIcon, Button, Checkbox, Popover } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconColumns3 } from '@tabler/icons-react';
import { reconcileColumns } from '../../stores/column-choice.ts';
import {
  moveRequestColumn,
  resetRequestColumns,
  selectColumnChoice,
  toggleRequestColumn,
  useRequestPreferences,
} from '../../stores/request-preferences.ts';
import { defaultColumns, requestColumns } from './columns.tsx';
import classes from './requests.module.css';

/** Which columns are shown, and in which order; kept in this browser. */
export function ColumnChooser() {
  const kept = useRequestPreferences(selectColumnChoice);
  const { order, hidden } = reconcileColumns(kept, defaultColumns);
  return (
    <Popover position="bottom-end" withArrow={false} shadow="md" trapFocus>
      <Popover.Target>
        <Button size="xs" variant="default" leftSection={<IconColumns3 size={15} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <ul className={classes.chooser}>
          {order.map((id, index) => {
            const label = requestColumns.find((column) => column.id === id)?.label ?? id;
            return (
              <li key={id}>
                <Checkbox
                  size="xs"
                  label={label}
                  checked={!hidden.includes(id)}
                  onChange={() => toggleRequestColumn(defaultColumns, id)}
                />
                <ActionIcon
                  size={26}
                  variant="subtle"
                  color="gray"
                  c="var(--op-muted)"
                  aria-label={`Move ${label} to the left`}
                  disabled={index === 0}
                  onClick={() => moveRequestColumn(defaultColumns, id, -1)}
                >
                  <IconChevronUp size={15} />
                </ActionIcon>
                <ActionIcon
                  size={26}
                  variant="subtle"
                  color="gray"
                  c="var(--op-muted)"
                  aria-label={`Move ${label} to the right`}
                  disabled={index === order.length - 1}
                  onClick={() => moveRequestColumn(defaultColumns, id, 1)}
                >
                  <IconChevronDown size={15} />
                </ActionIcon>
              </li>
            );
          })}
        </ul>
        <Button size="compact-xs" variant="default" mt="xs" disabled={kept === null} onClick={resetRequestColumns}>
          Back to the default columns
        </Button>
      </Popover.Dropdown>
    </Popover>
  );
}
