import type { RequestDetail } from '../../electron/contract/request-row.ts';
import { readConversation } from './read-conversation.ts';

/** Who is to answer: a served model name, or whatever serves a feature. */
export interface PlaygroundTarget {
  readonly kind: 'model' | 'feature';
  readonly name: string;
}

/** What the operator has set up to send. */
export interface PlaygroundDraft {
  readonly target: PlaygroundTarget | null;
  readonly system: string;
  readonly prompt: string;
  /** Null leaves it to the server. */
  readonly maxTokens: number | null;
  readonly temperature: number | null;
  readonly stream: boolean;
}

export const emptyDraft: PlaygroundDraft = {
  target: null,
  system: '',
  prompt: '',
  maxTokens: 512,
  temperature: null,
  stream: true,
};

/** One message that was answered, sent again as the conversation so far. */
export interface PastMessage {
  readonly prompt: string;
  readonly answer: string;
}

/** Path below the playground's address, and the body that is sent there. */
export function buildPlaygroundRequest(
  draft: PlaygroundDraft & { readonly target: PlaygroundTarget },
  past: readonly PastMessage[],
): { readonly path: string; readonly body: Readonly<Record<string, unknown>> } {
  const { target, system, prompt, maxTokens, temperature, stream } = draft;
  const isFeature = target.kind === 'feature';
  return {
    path: isFeature ? `/features/${encodeURIComponent(target.name)}/v1/chat/completions` : '/v1/chat/completions',
    body: {
      // At a feature's address the model comes from its setting, whatever is asked for.
      model: target.name,
      messages: [
        ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
        ...past.flatMap(({ prompt: asked, answer }) => [
          { role: 'user', content: asked },
          { role: 'assistant', content: answer },
        ]),
        { role: 'user', content: prompt },
      ],
      ...(maxTokens === null ? {} : { max_tokens: maxTokens }),
      ...(temperature === null ? {} : { temperature }),
      stream,
      ...(stream ? { stream_options: { include_usage: true } } : {}),
    },
  };
}

/** What to set up so as to send a recorded request again; null when it asked nothing that can be read. */
export function draftFromRequest(request: RequestDetail): PlaygroundDraft | null {
  const { request_body: body, feature } = request;
  const conversation = typeof body === 'string' ? readConversation(body) : null;
  const model = request.model ?? request.model_asked;
  if (!conversation || (model === null && feature === null)) return null;
  if (conversation.messages.every(({ text }) => text === '')) return null;
  const last = conversation.messages.findLast(({ role }) => role !== 'system') ?? conversation.messages.at(-1);
  const systems = conversation.messages.filter(({ role }) => role === 'system' || role === 'developer');
  return {
    target: feature !== null ? { kind: 'feature', name: feature } : { kind: 'model', name: model ?? '' },
    system: systems.map(({ text }) => text).join('\n\n'),
    prompt: last?.text ?? '',
    maxTokens: conversation.maxTokens,
    temperature: conversation.temperature,
    stream: conversation.stream,
  };
}
