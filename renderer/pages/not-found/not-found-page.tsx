import { Button } from '@mantine/core';
import { Link, useLocation } from 'wouter';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';

export function NotFoundPage() {
  const [path] = useLocation();
  return (
    <>
      <PageHeader title="Page not found" />
      <EmptyState
        title={`There is no page at ${path}`}
        actions={
          <Button component={Link} href="/" variant="default">
            Go to the overview
          </Button>
        }
      >
        The address may be mistyped, or it belongs to a server that was removed.
      </EmptyState>
    </>
  );
}
