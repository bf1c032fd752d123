/** Made-up requests as uneven as real ones: few models and features make most of the traffic, few requests fail. */

export const models = ['chat-large', 'code-small', 'chat-small', 'embed', 'rerank', 'chat-trial'];
/** Features belong to a model, so that two common values may never occur together. */
const features = [
  ['duo_chat', 'duo_chat_explain_code', 'duo_chat_write_tests', 'duo_chat_troubleshoot_job', 'review_merge_request'],
  ['code_completions', 'code_generations'],
  ['summarize_review', 'generate_commit_message', 'summarize_new_merge_request', 'resolve_vulnerability'],
  ['semantic_search'],
  ['semantic_search'],
  ['duo_chat', null],
];
const keys = Array.from({ length: 12 }, (_, index) => `key-${index}`);
const shares = [0.4, 0.3, 0.15, 0.08, 0.05, 0.02];

export function seededRandom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The parts of a row, without its id. */
export function madeUpRow(random, n, timeMs) {
  const model = byShare(random());
  const feature = features[model][Math.floor(random() ** 2 * features[model].length)];
  const fate = random();
  const state = fate < 0.965 ? 'ok' : fate < 0.985 ? 'error' : fate < 0.99 ? 'rejected' : 'cancelled';
  const name = models[model];
  const ttftMs = state === 'ok' || state === 'cancelled' ? 40 * Math.exp(spread(random) * 0.8) : null;
  const completionTokens = state === 'ok' ? Math.ceil(120 * Math.exp(spread(random))) : null;
  return {
    opened: {
      timeMs,
      requestId: `req-${n.toString(36)}-${Math.floor(random() * 2 ** 32).toString(36)}`,
      method: 'POST',
      route: '/v1/chat/completions',
      clientAddress: '10.0.0.8',
      key: state === 'rejected' ? null : keys[Math.floor(random() ** 3 * keys.length)],
      feature,
      modelAsked: name,
      stream: model < 3,
    },
    closed: {
      state,
      httpStatus: { ok: 200, cancelled: 200, error: random() < 0.7 ? 502 : 504, rejected: random() < 0.5 ? 401 : 429 }[
        state
      ],
      modelServed: state === 'rejected' ? null : name,
      servedBy: state === 'rejected' ? null : `${name}-${Math.floor(random() * 2)}`,
      promptTokens: state === 'ok' ? Math.ceil(600 * Math.exp(spread(random))) : null,
      completionTokens,
      cachedTokens: null,
      ttftMs,
      durationMs: (ttftMs ?? 2) + (completionTokens ?? 0) * 12 * (0.8 + random() * 0.4),
      queueMs: random() * 2,
      finishReason: state === 'ok' ? (random() < 0.95 ? 'stop' : 'length') : null,
      retries: 0,
      error: state === 'error' ? 'the server closed the connection' : null,
      errorCode: state === 'error' ? 'UPSTREAM_BROKE' : state === 'rejected' ? 'KEY_INVALID' : null,
      count: 1,
    },
  };
}

function byShare(value) {
  let rest = value;
  const found = shares.findIndex((share) => (rest -= share) < 0);
  return found < 0 ? 0 : found;
}

/** Roughly normal, between -3 and 3. */
function spread(random) {
  return (random() + random() + random() - 1.5) * 2;
}
