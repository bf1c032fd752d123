/** The service and the gateway are on this machine, on ports that are not known when the page is loaded. */
const loopback = ['127.0.0.1', 'localhost'].flatMap((host) => [`http://${host}:*`, `ws://${host}:*`]);

/**
 * What the page may load and run: its own files only. Inline styles are allowed for the libraries that need them. While
 * the renderer is worked on, its development server puts a small inline script into the page.
 */
export function contentSecurityPolicy({ development }: { readonly development: boolean }): string {
  return [
    "default-src 'self'",
    `script-src 'self'${development ? " 'unsafe-inline'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${loopback.join(' ')}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'self'",
    "form-action 'none'",
  ].join('; ');
}
