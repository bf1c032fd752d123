import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { selectSiteName, useStatus } from '../stores/status.ts';

export interface PageHeaderProps {
  readonly title: string;
  /** What the page is about, in a sentence or less. */
  readonly description?: ReactNode;
  /** Beside the title, such as a state. */
  readonly badge?: ReactNode;
  /** Buttons at the right. */
  readonly actions?: ReactNode;
  /** Above the title, such as a way back. */
  readonly above?: ReactNode;
}

/** The heading of a page; also names the window or tab. */
export function PageHeader({ title, description, badge, actions, above }: PageHeaderProps) {
  const site = useStatus(selectSiteName);
  useEffect(() => {
    document.title = [title, site, 'Outpost'].filter(Boolean).join(' · ');
  }, [title, site]);
  return (
    <Stack gap={6} mb="lg">
      {above}
      <Group justify="space-between" align="flex-start" gap="md">
        <Stack gap={2} miw={0}>
          <Group gap="sm">
            <Title order={1}>{title}</Title>
            {badge}
          </Group>
          {description && (
            <Text size="sm" c="dimmed" component="div">
              {description}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
    </Stack>
  );
}
