import { existsSync } from 'node:fs';
import path from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Serves the built pages; every path that is no file is a page of theirs. */
export async function servePages(server: FastifyInstance, folder: string): Promise<void> {
  const isBuilt = existsSync(path.join(folder, 'index.html'));
  if (isBuilt) {
    await server.register(fastifyStatic, {
      root: folder,
      wildcard: true,
      cacheControl: false,
      setHeaders(reply, file) {
        // Names of assets carry a hash of their content; the page that names them must be asked for each time.
        const isHashed = path.relative(folder, file).startsWith(`assets${path.sep}`);
        void reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  }
  server.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && path.extname(request.url.split('?')[0] ?? '') === '';
    if (wantsPage && isBuilt) return reply.sendFile('index.html');
    const message = wantsPage
      ? 'The pages are missing from this build of Outpost; the command line works without them.'
      : `There is nothing at ${request.method} ${request.url.slice(0, 200)}.`;
    return reply.code(wantsPage ? 503 : 404).send({ error: { code: 'NOT_FOUND', message } });
  });
}
