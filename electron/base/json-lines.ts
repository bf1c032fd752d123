import type net from 'node:net';

/** What one line may hold, and what may wait for a peer that does not read. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Calls back with every whole line; a peer whose line does not end within MAX_LINE_BYTES is cut off. */
export function readLines(socket: net.Socket, onLine: (line: string) => void): void {
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    rest += chunk;
    let end = rest.indexOf('\n');
    while (end >= 0) {
      onLine(rest.slice(0, end));
      rest = rest.slice(end + 1);
      end = rest.indexOf('\n');
    }
    if (rest.length > MAX_LINE_BYTES) socket.destroy();
  });
}

/** The object on a line, or null when there is none. */
export function parseObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // Callers treat a broken line as a broken peer.
    return null;
  }
}
