import type { CommandLine, Session } from 'electron';
import { mayBeRequested } from './requestable-url.ts';

/** Keeps Chromium from calling home by itself; to be called before the app is ready. */
export function silenceChromium(commandLine: CommandLine): void {
  const switches = [
    'disable-background-networking',
    'disable-breakpad',
    'disable-component-update',
    'disable-default-apps',
    'disable-domain-reliability',
    'disable-sync',
    'metrics-recording-only',
    'no-default-browser-check',
    'no-first-run',
    'no-pings',
    'no-proxy-server',
  ];
  for (const name of switches) commandLine.appendSwitch(name);
  // Whatever is left finds no address to call: no name but this machine's resolves.
  commandLine.appendSwitch(
    'host-resolver-rules',
    'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]',
  );
  commandLine.appendSwitch('dns-prefetch-disable');
}

/** Refuses every request of the window that does not stay on this machine, and every permission but one. */
export function guardSession(session: Session, refused: (what: string) => void): void {
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    const allowed = mayBeRequested(url);
    if (!allowed) refused(`a request to ${url}`);
    decide({ cancel: !allowed });
  });
  session.setPermissionRequestHandler((_contents, permission, decide) => {
    refused(`the permission ${permission}`);
    decide(false);
  });
  // Asked often and without the page knowing, so it is not worth a line. Writing plain text is what "copy" does.
  session.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  session.setDevicePermissionHandler(() => false);
  // A dictionary would be downloaded.
  session.setSpellCheckerEnabled(false);
}
