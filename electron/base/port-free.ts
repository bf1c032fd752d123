import net from 'node:net';

/**
 * Whether a TCP port can be bound on an address right now. Told by binding it for an instant, which also notices sockets
 * that are bound and do not listen yet. Connections in TIME_WAIT do not count.
 */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
