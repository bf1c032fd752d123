import { randomUUID } from 'node:crypto';
import type { Exchange } from '../http-exchange.ts';
import { sendJson } from '../http-exchange.ts';
import type { ServerContext } from '../server-context.ts';

export function handleModels({ options, nowSeconds }: ServerContext, exchange: Exchange): void {
  const created = nowSeconds();
  sendJson(exchange, 200, {
    object: 'list',
    data: options.servedModelNames.map((id) => ({
      id,
      object: 'model',
      created,
      owned_by: 'vllm',
      root: options.model,
      parent: null,
      max_model_len: options.maxModelLength,
      permission: [
        {
          id: `modelperm-${randomUUID().replaceAll('-', '').slice(0, 16)}`,
          object: 'model_permission',
          created,
          allow_create_engine: false,
          allow_sampling: true,
          allow_logprobs: true,
          allow_search_indices: false,
          allow_view: true,
          allow_fine_tuning: false,
          organization: '*',
          group: null,
          is_blocking: false,
        },
      ],
    })),
  });
}
