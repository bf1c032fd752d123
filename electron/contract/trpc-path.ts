/**
 * WebSocket path of the control API. In a file of its own, so that the window's first load does without the schemas of
 * that API.
 */
export const TRPC_PATH = '/trpc';
