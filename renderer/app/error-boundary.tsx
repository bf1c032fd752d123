import { Button, Container } from '@mantine/core';
import { Component } from 'react';
import type { ErrorInfo, ReactNode } from 'react';
import { ErrorNotice } from '../components/error-notice.tsx';

interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** The part starts over when this changes, such as the address of the page. */
  readonly resetKey?: string;
}

interface ErrorBoundaryState {
  readonly error: Error | null;
  readonly resetKey: string | undefined;
}

/** Keeps a bug in one part from taking the whole window down. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: Error): Partial<ErrorBoundaryState> {
    return { error };
  }

  static getDerivedStateFromProps(
    props: ErrorBoundaryProps,
    state: ErrorBoundaryState,
  ): Partial<ErrorBoundaryState> | null {
    return props.resetKey === state.resetKey ? null : { error: null, resetKey: props.resetKey };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Container size="sm" py="xl">
        <ErrorNotice
          error={{
            message: 'This page met an error in Outpost itself and cannot be shown.',
            action: 'Models and gateway are not affected. Try again, or go to another page.',
            detail: error.stack ?? error.message,
          }}
        >
          <Button size="xs" variant="default" onClick={() => this.setState({ error: null })}>
            Try again
          </Button>
        </ErrorNotice>
      </Container>
    );
  }
}
