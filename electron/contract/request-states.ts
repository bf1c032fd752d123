/** What has become of a request. The request log keeps a state as its place in this list, so new ones go at the end. */
export const requestStates = ['running', 'ok', 'error', 'rejected', 'cancelled'] as const;
export type RequestState = (typeof requestStates)[number];

/**
 * Row ids are `yyyymmdd * 10^8 + n`, where the day (UTC) names the partition and n counts from 1 inside it: dense row
 * numbers keep the text index small, and the id alone finds the partition. At most 2.1e15, a safe integer.
 */
export const ROWS_PER_PARTITION = 100_000_000;
