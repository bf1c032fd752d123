/** A host and a port, as the site file and the flags write them. */
export interface ListenAddress {
  /** Without brackets. */
  readonly host: string;
  /** 0: to be picked. */
  readonly port: number;
}

/** Parses HOST:PORT or [HOST]:PORT; the site schema has checked the form. */
export function parseListen(text: string): ListenAddress {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, colon).replace(/^\[(.*)\]$/, '$1');
  return { host, port: Number(text.slice(colon + 1)) };
}

/** Base URL by which a program on this machine reaches an address. */
export function localUrl({ host, port }: ListenAddress): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
