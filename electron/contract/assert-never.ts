/** Ends a switch over a union: fails to compile when a member is not handled, and throws if one slips through at run time. */
export function assertNever(value: never, expected: string): never {
  throw new Error(`Unexpected ${expected}: ${JSON.stringify(value)}`);
}
