import { Button } from '@mantine/core';

export function RetryButton({ onRetry }: { readonly onRetry: () => void }) {
  return (
    <Button size="xs" variant="default" onClick={onRetry}>
      Try again
    </Button>
  );
}
