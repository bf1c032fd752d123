import http from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PLAYGROUND_PATH } from '../../contract/playground-path.ts';
import { outpostError } from '../../contract/outpost-error.ts';
import { WINDOW_ORIGIN } from '../../contract/window-origin.ts';
import { bearerToken, isToken } from './access-token.ts';

export interface PlaygroundParts {
  readonly token: string;
  /** Base URL of the gateway, or null while there is none. */
  readonly gatewayUrl: () => string | null;
  /** The service's own key. */
  readonly gatewayKey: string;
}

/** Request headers that reach the gateway; the rest is between browser and service. */
const passedOn = ['content-type', 'content-length', 'accept', 'x-request-id'] as const;
/** Response headers that say something about this hop only. */
const hopHeaders = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'proxy-authenticate']);

/**
 * Passes requests on to the gateway with the service's own key, as they come and as they stream, so that the Playground
 * works from a browser without the operator making a key. Whoever leaves aborts the request.
 */
export async function servePlayground(server: FastifyInstance, parts: PlaygroundParts): Promise<void> {
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scope.addHook('onRequest', async (request, reply) => {
      if (request.headers.origin === WINDOW_ORIGIN) allowWindow(reply);
    });
    scope.options(`${PLAYGROUND_PATH}/*`, async (_request, reply) => reply.code(204).send());
    scope.route({
      method: ['GET', 'POST'],
      url: `${PLAYGROUND_PATH}/*`,
      handler: (request, reply) => passOn(request, reply, parts),
    });
  });
}

function allowWindow(reply: FastifyReply): void {
  void reply.headers({
    'access-control-allow-origin': WINDOW_ORIGIN,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'authorization, content-type, x-request-id',
    'access-control-expose-headers': 'x-request-id, x-outpost-server, retry-after',
    'access-control-max-age': '600',
    vary: 'origin',
  });
}

async function passOn(request: FastifyRequest, reply: FastifyReply, parts: PlaygroundParts) {
  if (!isToken(bearerToken(request.headers.authorization), parts.token)) {
    return reply
      .code(401)
      .send({ error: outpostError('CONTROL_UNAUTHORIZED', 'The token is missing or wrong.', 'Sign in again.') });
  }
  const gateway = parts.gatewayUrl();
  if (gateway === null) return gatewayAway(reply, 'there is no site yet');
  const headers: Record<string, string> = { authorization: `Bearer ${parts.gatewayKey}` };
  for (const name of passedOn) {
    const value = request.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  const target = new URL(gateway + request.url.slice(PLAYGROUND_PATH.length));
  const asked = http.request(target, { method: request.method, headers, agent: false });
  reply.raw.once('close', () => asked.destroy());
  const answered = answerTo(asked);
  if (request.method === 'POST') (request.body as Readable).pipe(asked);
  else asked.end();
  const answer = await answered;
  if (answer instanceof Error) return reply.raw.destroyed ? reply.hijack() : gatewayAway(reply, answer.message);
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && !hopHeaders.has(name)) void reply.header(name, value);
  }
  return reply.code(answer.statusCode ?? 502).send(answer);
}

function answerTo(asked: http.ClientRequest): Promise<http.IncomingMessage | Error> {
  return new Promise((resolve) => {
    asked.once('response', resolve);
    // Stays, since what breaks after the response breaks its stream as well, which the reply passes on.
    asked.on('error', resolve);
  });
}

function gatewayAway(reply: FastifyReply, reason: string) {
  return reply.code(503).send({
    error: outpostError('GATEWAY_NOT_RUNNING', `The gateway does not answer: ${reason}.`, 'See the Overview.'),
  });
}
