import { Skeleton, Stack, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Loadable } from '../stores/loadable.ts';
import { ErrorNotice } from './error-notice.tsx';
import { RetryButton } from './retry-button.tsx';

export interface AsyncViewProps<T> {
  readonly data: Loadable<T>;
  /** What is loaded, for the words: "Loading servers…". */
  readonly what: string;
  /** In the shape of what comes; a few lines when absent. */
  readonly skeleton?: ReactNode;
  readonly isEmpty?: (value: T) => boolean;
  readonly empty?: ReactNode;
  /** Keeps a distance to the edge, for a view that fills a panel without padding. */
  readonly inset?: boolean;
  /** Reads again after a failure. */
  readonly onRetry: () => void;
  readonly children: (value: T) => ReactNode;
}

/** The four states of something that is read: loading, failed with a way on, empty, and data. */
export function AsyncView<T>({
  data,
  what,
  skeleton,
  isEmpty,
  empty,
  inset = false,
  onRetry,
  children,
}: AsyncViewProps<T>) {
  const distance = inset ? { padding: 16 } : undefined;
  const retry = <RetryButton onRetry={onRetry} />;
  switch (data.state) {
    case 'loading':
      return (
        <div aria-busy="true" style={distance}>
          <VisuallyHidden role="status">Loading {what}…</VisuallyHidden>
          {skeleton ?? <LineSkeleton lines={4} />}
        </div>
      );
    case 'failed':
      return (
        <div style={distance}>
          <ErrorNotice error={data.error}>{retry}</ErrorNotice>
        </div>
      );
    case 'loaded':
      return (
        <>
          {data.refreshError && (
            <div style={distance ?? { marginBottom: 16 }}>
              <ErrorNotice error={data.refreshError} tone="warn">
                {retry}
              </ErrorNotice>
            </div>
          )}
          {isEmpty?.(data.value) && empty !== undefined ? empty : children(data.value)}
        </>
      );
  }
}

export function LineSkeleton({ lines, height = 18 }: { readonly lines: number; readonly height?: number }) {
  return (
    <Stack gap="sm">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={height} width={index % 3 === 2 ? '62%' : '100%'} />
      ))}
    </Stack>
  );
}
