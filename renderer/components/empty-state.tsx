import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** Why it is empty and what would fill it. */
  readonly children: ReactNode;
  readonly actions?: ReactNode;
}

export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <Stack align="center" gap={6} py={44} px="lg" ta="center">
      {icon && (
        <Text c="dimmed" component="div" lh={0} mb={4}>
          {icon}
        </Text>
      )}
      <Text fw={600}>{title}</Text>
      <Text size="sm" c="dimmed" maw={460} component="div">
        {children}
      </Text>
      {actions && <div style={{ marginTop: 10 }}>{actions}</div>}
    </Stack>
  );
}
