import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { desktopBridge } from './desktop.ts';

/** Goes where a menu item of the desktop app points. */
export function useDesktopNavigation(): void {
  const [, navigate] = useLocation();
  useEffect(() => desktopBridge()?.on('navigate', (path) => navigate(path)), [navigate]);
}
