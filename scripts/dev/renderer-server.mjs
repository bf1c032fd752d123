import { createServer as createTcpServer } from 'node:net';
import path from 'node:path';
import { createServer } from 'vite';

/** Serves the renderer from its sources on a free port of this machine. Returns `{ url, close }`. */
export async function startRendererServer(root) {
  const port = await freePort();
  const server = await createServer({
    configFile: path.join(root, 'vite.config.ts'),
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      // The window shows these files under its own origin, from which they could not tell where changes come from.
      ws: { protocol: 'ws', host: '127.0.0.1', clientPort: port },
    },
  });
  await server.listen();
  return { url: `http://127.0.0.1:${port}/`, close: () => server.close() };
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createTcpServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
