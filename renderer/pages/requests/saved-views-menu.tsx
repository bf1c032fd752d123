import { ActionIcon, Button, Group, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { forgetView, keepView, selectViews, useRequestPreferences } from '../../stores/request-preferences.ts';
import { LONGEST_NAME } from '../../stores/saved-views.ts';
import classes from './requests.module.css';

/** Filters that were given a name; each is a link, so that it can be opened beside or passed on. */
export function SavedViewsMenu({ search }: { readonly search: string }) {
  const views = useRequestPreferences(selectViews);
  const [name, setName] = useState('');
  const [opened, setOpened] = useState(false);
  return (
    <Popover position="bottom-end" shadow="md" trapFocus opened={opened} onChange={setOpened} width={300}>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBookmark size={15} />}
          onClick={() => setOpened((before) => !before)}
        >
          Views
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Saved views">
        {views.length === 0 && <p className={classes.hint}>No view is saved yet. They are kept in this browser.</p>}
        <ul className={classes.views}>
          {views.map((view) => (
            <li key={view.name}>
              <Link
                href={`/requests${view.search === '' ? '' : `?${view.search}`}`}
                aria-current={view.search === search ? 'true' : undefined}
                onClick={() => setOpened(false)}
              >
                {view.name}
              </Link>
              <ActionIcon
                size={26}
                variant="subtle"
                color="gray"
                c="var(--op-muted)"
                aria-label={`Forget the view ${view.name}`}
                onClick={() => forgetView(view.name)}
              >
                <IconTrash size={15} />
              </ActionIcon>
            </li>
          ))}
        </ul>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            keepView({ name, search });
            setName('');
          }}
        >
          <Group gap="xs" mt="xs" wrap="nowrap">
            <TextInput
              size="xs"
              aria-label="Name of the view"
              placeholder="Name for this filter"
              maxLength={LONGEST_NAME}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
              className={classes.grow ?? ''}
            />
            <Button size="xs" type="submit" disabled={name.trim() === ''}>
              Save
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
