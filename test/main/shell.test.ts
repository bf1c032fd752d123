import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '../../electron/main/shell/content-security-policy.ts';
import { menuTemplate } from '../../electron/main/shell/menu-template.ts';
import { mayBeRequested } from '../../electron/main/shell/requestable-url.ts';
import { resolveAppPath } from '../../electron/main/shell/resolve-app-path.ts';

const root = path.resolve('/srv/renderer');

describe('an address of the window', () => {
  it('is a file when it looks like one, else the page', () => {
    expect(resolveAppPath('app://outpost/assets/main-1.js', root)).toEqual({
      kind: 'file',
      file: path.join(root, 'assets', 'main-1.js'),
    });
    for (const address of ['app://outpost', 'app://outpost/', 'app://outpost/servers/chat?x=1', 'app://outpost/a/b/']) {
      expect(resolveAppPath(address, root), address).toEqual({ kind: 'page', file: path.join(root, 'index.html') });
    }
  });

  it('never leads out of the folder', () => {
    for (const address of [
      'app://outpost/..%2f..%2fetc/passwd',
      'app://outpost/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      'app://outpost/assets/..%5c..%5csecret.txt',
      'app://outpost/a%00.js',
      'app://outpost/C:%2fWindows%2fwin.ini',
      'app://outpost/%E0%A4%A',
      'app://other/index.html',
      'app://outpost.evil/index.html',
      'file:///etc/passwd',
    ]) {
      const resolved = resolveAppPath(address, root);
      expect(resolved.kind === 'refused' || resolved.file.startsWith(root + path.sep), address).toBe(true);
      expect(resolved.kind, address).toBe('refused');
    }
    // These are taken apart before they get here, as in every browser.
    expect(resolveAppPath('app://outpost/../../etc/passwd.txt', root)).toMatchObject({
      file: path.join(root, 'etc', 'passwd.txt'),
    });
  });
});

describe('a request of the window', () => {
  it('stays on this machine', () => {
    for (const url of [
      'app://outpost/assets/a.js',
      'http://127.0.0.1:8080/v1/models',
      'ws://127.0.0.1:9000/trpc?connectionParams=1',
      'http://localhost:1/',
      'http://[::1]:1/',
      'blob:app://outpost/1-2',
      'data:image/png;base64,AA==',
    ]) {
      expect(mayBeRequested(url), url).toBe(true);
    }
    for (const url of [
      'https://example.com/',
      'http://127.0.0.1.example.com/',
      'http://localhost@example.com/',
      'ws://10.0.0.1:9000/',
      'file:///etc/passwd',
      'app://outpost.example.com/',
      'ftp://127.0.0.1/',
      'not an address',
    ]) {
      expect(mayBeRequested(url), url).toBe(false);
    }
  });
});

describe('the content security policy', () => {
  it('allows no code but the files of the page', () => {
    const policy = new Map(
      contentSecurityPolicy({ development: false })
        .split('; ')
        .map((directive) => [directive.split(' ')[0], directive.split(' ').slice(1)]),
    );
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('object-src')).toEqual(["'none'"]);
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
    expect(policy.get('connect-src')).toEqual([
      "'self'",
      'http://127.0.0.1:*',
      'ws://127.0.0.1:*',
      'http://localhost:*',
      'ws://localhost:*',
    ]);
  });
});

describe('the menu', () => {
  const went: string[] = [];
  const menu = (developing: boolean) =>
    menuTemplate(
      { navigate: (page) => went.push(page), showDataFolder: () => undefined, showAbout: () => undefined },
      developing,
    ).flatMap((entry) => (Array.isArray(entry.submenu) ? entry.submenu : []));

  it('gives no accelerator twice', () => {
    const accelerators = menu(true).flatMap((item) => (item.accelerator ? [item.accelerator] : []));
    expect(new Set(accelerators).size).toBe(accelerators.length);
  });

  it('leaves stopping everything to the page, which asks first', () => {
    const stop = menu(false).find((item) => item.label?.includes('Stop Everything'));
    stop?.click?.(undefined as never, undefined, undefined as never);
    expect(went).toEqual(['/settings?stop=1']);
  });

  it('has developer tools only where Outpost is worked on', () => {
    expect(menu(true).some((item) => item.role === 'toggleDevTools')).toBe(true);
    expect(menu(false).some((item) => item.role === 'toggleDevTools')).toBe(false);
  });
});
