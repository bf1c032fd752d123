/**
 * Path under which the control server passes requests to the gateway for the Playground, with the service's own key.
 * In a file of its own, so that the window's first load does without the schemas of the control API.
 */
export const PLAYGROUND_PATH = '/playground';
