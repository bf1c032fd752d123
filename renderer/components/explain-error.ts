/** What an error of a request means and what to do, beyond its own words; null when there is nothing to add. */
export function explainError(code: string | null, httpStatus: number | null): string | null {
  const known = code === null ? undefined : explanations[code.toUpperCase()];
  return known ?? statusExplanations[httpStatus ?? 0] ?? null;
}

const explanations: Readonly<Record<string, string>> = {
  FEATURE_DISABLED: 'The feature is switched off under Features. Assign a model to it to have it answered.',
  FEATURE_UNASSIGNED: 'No model is assigned to the feature. Assign one under Features.',
  FEATURE_UNKNOWN: 'The address names a feature that GitLab does not have. Copy its endpoint from Features.',
  GATEWAY_ENDED: 'The gateway ended while the request was under way. Its log page says why.',
  GATEWAY_NOT_RUNNING: 'The gateway does not run. Start it under Servers.',
  GATEWAY_RECORD_FAILED: 'The request log could not be written, most likely because the disk is full. Free space.',
  GATEWAY_STOPPING: 'The gateway was being stopped. Send the request again when it runs.',
  INVALID_JSON: 'The client sent a body that is not valid JSON. Correct the client.',
  KEY_INVALID: 'The client sent a key that does not exist or was revoked. Give it a valid key from Settings, Keys.',
  KEY_MISSING: 'The client sent no key. Add one under Settings, Keys, and give it to the client.',
  MODEL_MISSING: 'The body names no model. Add "model" to it, or use the endpoint of a feature.',
  MODEL_NOT_ALLOWED: 'The key may not use this model.',
  MODEL_UNKNOWN: 'No server serves a model of that name. Check the name, or add a server for it.',
  REQUEST_TOO_LARGE: 'The body is larger than the gateway accepts.',
  ROUTE_UNKNOWN: 'The gateway has no such address. Clients use /v1/… or the endpoint of a feature.',
  SERVER_NOT_RUNNING: 'The server of the model is stopped, loading or failed. Its page says which and why.',
  UNSUPPORTED_ENCODING: 'The body is compressed in a way the gateway does not read. Send it plain.',
  UPSTREAM_BROKE: 'The model server broke off in the middle. Its log from that moment shows the cause.',
  UPSTREAM_ERROR: 'The model server answered with an error of its own, which is in the response.',
  UPSTREAM_REFUSED: 'The model server did not accept the connection. It may have crashed or be restarting.',
  UPSTREAM_TIMED_OUT: 'The model server did not answer in time. It may be overloaded or hung.',
  UPSTREAM_UNAUTHORIZED: 'The model server did not accept the key that Outpost holds for it.',
};

const statusExplanations: Readonly<Record<number, string>> = {
  400: 'The model server could not use the request, for example because it is longer than its context. The response says what.',
  401: 'The key is missing or not valid.',
  404: 'There is no such model or address.',
  413: 'The request is too large.',
  429: 'A limit was reached. Wait, then send it again.',
  500: 'The model server met an error of its own. Its log shows the cause.',
  502: 'The model server could not be reached or broke off.',
  503: 'Nothing can answer at the moment: stopped, loading or overloaded.',
  504: 'No answer came in time.',
};
