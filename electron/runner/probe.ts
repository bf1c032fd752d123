import net from 'node:net';
import type { Readiness } from '../contract/runner-protocol.ts';

const PROBE_TIMEOUT_MS = 5000;
/** A status line is short; who sends more without one does not speak HTTP. */
const MAX_STATUS_LINE = 4096;

export interface ProbeResult {
  readonly healthy: boolean;
  /** What came back, in words. */
  readonly detail: string;
}

/**
 * Asks a process once whether it is ready; resolves within 5 s. HTTP is asked over a plain socket, since Node's HTTP
 * client would add a fifth to a runner's memory for the sake of one status line.
 */
export function probe(readiness: Readiness): Promise<ProbeResult> {
  switch (readiness.kind) {
    case 'spawned':
      return Promise.resolve({ healthy: true, detail: 'it was spawned' });
    case 'tcp':
      return connect(readiness.host, readiness.port, (socket, settle) => {
        socket.once('connect', () => settle(true, 'its port is open'));
      });
    case 'http': {
      const url = new URL(readiness.url);
      const headers = Object.entries({ ...readiness.headers, host: url.host, accept: '*/*', connection: 'close' });
      const request = [
        `GET ${url.pathname}${url.search} HTTP/1.1`,
        ...headers.map(([name, value]) => `${name}: ${value}`),
      ];
      return connect(url.hostname.replace(/^\[|\]$/g, ''), Number(url.port || 80), (socket, settle) => {
        let received = '';
        socket.setEncoding('latin1');
        socket.once('connect', () => socket.write(`${request.join('\r\n')}\r\n\r\n`));
        socket.on('data', (text: string) => {
          received += text;
          const status = /^HTTP\/1\.[01] (\d{3})/.exec(received)?.[1];
          if (status) settle(status === '200', `${url.pathname} answered ${status}`);
          else if (received.length > MAX_STATUS_LINE) settle(false, `${url.pathname} did not answer with HTTP`);
        });
      });
    }
  }
}

function connect(
  host: string,
  port: number,
  converse: (socket: net.Socket, settle: (healthy: boolean, detail: string) => void) => void,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port });
    const timer = setTimeout(() => settle(false, `no answer within ${PROBE_TIMEOUT_MS / 1000} s`), PROBE_TIMEOUT_MS);
    const settle = (healthy: boolean, detail: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ healthy, detail });
    };
    socket.once('error', (error: NodeJS.ErrnoException) =>
      settle(false, error.code === 'ECONNREFUSED' ? `nothing listens on port ${port} yet` : error.message),
    );
    socket.once('close', () => settle(false, 'the connection was closed without an answer'));
    converse(socket, settle);
  });
}
