/** Scheme of the window's page: one of its own, so that the page has a secure origin without any server. */
export const WINDOW_SCHEME = 'app';
/** Origin of the window's page, which the control server lets in beside its own pages. */
export const WINDOW_ORIGIN = `${WINDOW_SCHEME}://outpost`;
