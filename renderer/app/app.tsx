import { MantineProvider } from '@mantine/core';
import { useState } from 'react';
import { Router } from 'wouter';
import { LiveAnnouncer } from '../components/live-announcer.tsx';
import { NoticeRegion } from '../components/notice-region.tsx';
import { selectPhase, useConnection } from '../stores/connection.ts';
import { createColorSchemeManager } from './color-scheme.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { resolveCssVariables, theme } from './theme.ts';

export function App() {
  const [colorSchemeManager] = useState(createColorSchemeManager);
  const signedOut = useConnection(selectPhase) === 'signed-out';
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolveCssVariables}
      colorSchemeManager={colorSchemeManager}
      defaultColorScheme="auto"
    >
      <Router>
        <ErrorBoundary>{signedOut ? <SignIn /> : <Shell />}</ErrorBoundary>
      </Router>
      <NoticeRegion />
      <LiveAnnouncer />
    </MantineProvider>
  );
}
