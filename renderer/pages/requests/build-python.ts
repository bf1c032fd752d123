import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { asObject, parseJson } from '../../stores/read-json.ts';

interface ClientCall {
  readonly call: string;
  /** Parameters that the client has by name; the others go into extra_body, or it refuses them. */
  readonly named: ReadonlySet<string>;
}

const sampling = ['model', 'stream', 'stream_options', 'temperature', 'top_p', 'max_tokens', 'n', 'stop', 'seed'];

/** The calls of the openai package, by the end of the path. */
const calls: Readonly<Record<string, ClientCall>> = {
  '/chat/completions': {
    call: 'chat.completions.create',
    named: new Set([
      ...sampling,
      'messages',
      'max_completion_tokens',
      'tools',
      'tool_choice',
      'parallel_tool_calls',
      'response_format',
      'frequency_penalty',
      'presence_penalty',
      'logit_bias',
      'logprobs',
      'top_logprobs',
      'reasoning_effort',
      'user',
    ]),
  },
  '/completions': {
    call: 'completions.create',
    named: new Set([
      ...sampling,
      'prompt',
      'suffix',
      'echo',
      'best_of',
      'logprobs',
      'frequency_penalty',
      'presence_penalty',
      'logit_bias',
      'user',
    ]),
  },
  '/embeddings': {
    call: 'embeddings.create',
    named: new Set(['model', 'input', 'dimensions', 'encoding_format', 'user']),
  },
  '/responses': {
    call: 'responses.create',
    named: new Set([
      'model',
      'input',
      'instructions',
      'stream',
      'temperature',
      'top_p',
      'max_output_tokens',
      'tools',
      'tool_choice',
      'reasoning',
      'text',
    ]),
  },
};

/**
 * A Python program that sends the same request with the openai package, with the key taken from OUTPOST_API_KEY; null
 * when the body is not a JSON object or no longer there, since the program would then send something else.
 */
export function buildPython(request: RequestDetail, gatewayUrl: string): string | null {
  const body = typeof request.request_body === 'string' ? asObject(parseJson(request.request_body)) : null;
  const [, base, end] = /^(.*?\/v1)(\/[^?]*)/.exec(request.route) ?? [];
  if (request.method !== 'POST' || !body || base === undefined || end === undefined) return null;
  const client = [
    'client = OpenAI(',
    `    base_url=${pythonLiteral(gatewayUrl.replace(/\/$/, '') + base)},`,
    '    api_key=os.environ["OUTPOST_API_KEY"],',
    ')',
  ];
  const call = calls[end];
  if (!call) {
    const send = `response = client.post(${pythonLiteral(end)}, cast_to=httpx.Response, body=${pythonLiteral(body)})`;
    return [...imports('import httpx'), ...client, '', send, 'print(response.text)', ''].join('\n');
  }
  const entries = Object.entries(body);
  const extra = entries.filter(([name]) => !call.named.has(name));
  const parameters = entries
    .filter(([name]) => call.named.has(name))
    .map(([name, value]) => `    ${name}=${pythonLiteral(value, 1)},`);
  if (extra.length > 0) parameters.push(`    extra_body=${pythonLiteral(Object.fromEntries(extra), 1)},`);
  const use = body['stream'] === true ? ['for event in answer:', '    print(event)'] : ['print(answer)'];
  return [...imports(), ...client, '', `answer = client.${call.call}(`, ...parameters, ')', ...use, ''].join('\n');
}

function imports(more?: string): readonly string[] {
  return ['import os', '', ...(more === undefined ? [] : [more]), 'from openai import OpenAI', ''];
}

/** A JSON value as Python writes it; JSON's own texts and numbers are valid there. */
export function pythonLiteral(value: unknown, depth = 0): string {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  const inner = '    '.repeat(depth + 1);
  const outer = '    '.repeat(depth);
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((one) => typeof one === 'number')) return `[${value.join(', ')}]`;
    return `[\n${value.map((one) => `${inner}${pythonLiteral(one, depth + 1)},\n`).join('')}${outer}]`;
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value);
    if (entries.length === 0) return '{}';
    const lines = entries.map(([name, one]) => `${inner}${JSON.stringify(name)}: ${pythonLiteral(one, depth + 1)},\n`);
    return `{\n${lines.join('')}${outer}}`;
  }
  return JSON.stringify(value);
}
