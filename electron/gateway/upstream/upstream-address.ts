/** Where a model server listens. */
export interface UpstreamAddress {
  readonly origin: string;
  /** Path in front of /v1, or empty. */
  readonly basePath: string;
}

/** Reads a base URL as the route table has it. */
export function upstreamAddress(baseUrl: string): UpstreamAddress {
  const url = new URL(baseUrl);
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, '') };
}
