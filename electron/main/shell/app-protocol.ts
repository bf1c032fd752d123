import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Net, Protocol } from 'electron';
import { WINDOW_SCHEME } from '../../contract/window-origin.ts';
import { contentSecurityPolicy } from './content-security-policy.ts';
import { resolveAppPath } from './resolve-app-path.ts';

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
};

/** To be called before the app is ready. */
export function registerAppScheme(protocol: Protocol): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: WINDOW_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
}

/** Serves the built renderer under the app's own scheme; to be called once the app is ready. */
export function serveRenderer(protocol: Protocol, root: string): void {
  protocol.handle(WINDOW_SCHEME, async ({ url, method }) => {
    if (method !== 'GET' && method !== 'HEAD') return plainAnswer(405, 'Only GET is answered here.');
    const resolved = resolveAppPath(url, path.resolve(root));
    if (resolved.kind === 'refused') return plainAnswer(400, 'This address is not part of Outpost.');
    try {
      return new Response(new Uint8Array(await readFile(resolved.file)), { headers: headersFor(resolved.file, false) });
    } catch (error) {
      return plainAnswer(404, `${path.basename(resolved.file)} cannot be read: ${(error as Error).message}`);
    }
  });
}

/** The same from a development server, still under the app's own origin, so that nothing else differs. */
export function forwardRenderer(protocol: Protocol, net: Net, serverUrl: string): void {
  protocol.handle(WINDOW_SCHEME, async ({ url, headers }) => {
    const { pathname, search } = new URL(url);
    const answer = await net.fetch(new URL(pathname + search, serverUrl).href, {
      headers: { accept: headers.get('accept') ?? '*/*' },
      bypassCustomProtocolHandlers: true,
    });
    const forwarded = new Headers(answer.headers);
    forwarded.set('content-security-policy', contentSecurityPolicy({ development: true }));
    return new Response(answer.body, { status: answer.status, headers: forwarded });
  });
}

function headersFor(file: string, development: boolean): Record<string, string> {
  return {
    'content-type': contentTypes[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    'content-security-policy': contentSecurityPolicy({ development }),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Files of a build never change, but the next build has the same address.
    'cache-control': 'no-cache',
  };
}

function plainAnswer(status: number, text: string): Response {
  return new Response(text, { status, headers: headersFor('answer.txt', false) });
}
