import type { Exchange } from '../http-exchange.ts';
import { sendJson, sendText } from '../http-exchange.ts';
import type { Route } from '../http-server.ts';
import { renderFamilies } from '../metric-families.ts';
import type { ServerContext } from '../server-context.ts';
import { simulatedVersion } from '../startup-log.ts';
import { handleChatCompletions } from './chat-completions.ts';
import { handleCompletions } from './completions.ts';
import { handleEmbeddings } from './embeddings.ts';
import { handleModels } from './models.ts';
import { handleDetokenize, handleTokenize } from './tokenize.ts';

/** Every route of the server. */
export function createRoutes(context: ServerContext): readonly Route[] {
  const health = (exchange: Exchange): void => sendText(exchange, context.isEngineDead() ? 503 : 200, '', '');
  const counted =
    (handle: (context: ServerContext, exchange: Exchange) => Promise<void>) => async (exchange: Exchange) => {
      context.load.current += 1;
      exchange.response.on('close', () => {
        context.load.current -= 1;
      });
      await handle(context, exchange);
    };
  return [
    { path: '/health', methods: ['GET'], handle: health },
    { path: '/ping', methods: ['GET', 'POST'], handle: health },
    {
      path: '/version',
      methods: ['GET'],
      handle: (exchange) => sendJson(exchange, 200, { version: simulatedVersion, simulated: true }),
    },
    {
      path: '/load',
      methods: ['GET'],
      handle: (exchange) => sendJson(exchange, 200, { server_load: context.load.current }),
    },
    {
      path: '/metrics',
      methods: ['GET'],
      handle: (exchange) =>
        sendText(exchange, 200, 'text/plain; version=0.0.4; charset=utf-8', renderFamilies(context.families)),
    },
    { path: '/tokenize', methods: ['POST'], handle: (exchange) => handleTokenize(context, exchange) },
    { path: '/detokenize', methods: ['POST'], handle: (exchange) => handleDetokenize(context, exchange) },
    { path: '/v1/models', methods: ['GET'], handle: (exchange) => handleModels(context, exchange) },
    { path: '/v1/chat/completions', methods: ['POST'], handle: counted(handleChatCompletions) },
    { path: '/v1/completions', methods: ['POST'], handle: counted(handleCompletions) },
    { path: '/v1/embeddings', methods: ['POST'], handle: counted(handleEmbeddings) },
  ];
}
