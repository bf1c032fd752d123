/** Name under which the Playground's requests appear in the request log; no operator's key may have it. */
export const PLAYGROUND_KEY_NAME = 'playground';
