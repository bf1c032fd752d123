import type { MessagePort } from 'node:worker_threads';
import { assertNever } from '../contract/assert-never.ts';
import { fail, succeed } from '../contract/outpost-error.ts';
import type { Result } from '../contract/outpost-error.ts';
import type { RequestDetail, RequestPage, RequestPageQuery } from '../contract/request-row.ts';
import { readFacetCounts, readHistogram, readTotals } from './analyse-requests.ts';
import { DeadlinePassed, deadlineIn } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import { getRequest } from './get-request.ts';
import { readHighlights } from './highlights.ts';
import { listRequests } from './list-requests.ts';
import { READ_DEADLINE_MS } from './reader-messages.ts';
import type { FromReader, ReaderCalls, ReaderQuery, ReaderStart, ToReader } from './reader-messages.ts';
import { ReaderPartitions } from './reader-partitions.ts';
import { dayOfRow, numberOfRow } from './row-id.ts';
import { listLargest } from './sort-requests.ts';
import { readFacets, readTraffic } from './traffic.ts';

/** Memory for columns and pages is given back when nobody has asked for this long. */
const IDLE_MS = 60_000;

/** Runs the reader thread until it is told to close. */
export function runReader(port: MessagePort, start: ReaderStart): void {
  const partitions = new ReaderPartitions(start.directory);
  let idleTimer: NodeJS.Timeout | null = null;
  port.on('message', (message: ToReader) => {
    if (idleTimer !== null) clearTimeout(idleTimer);
    idleTimer = setTimeout(() => partitions.closeAll(), IDLE_MS).unref();
    if (message.name === 'close') {
      partitions.closeAll();
      return port.close();
    }
    const answer: FromReader = { call: message.call, result: answerTo(partitions, message) };
    port.postMessage(answer);
  });
}

function answerTo(
  partitions: ReaderPartitions,
  message: ReaderQuery,
): Result<ReaderCalls[keyof ReaderCalls]['answer']> {
  const deadline = deadlineIn(READ_DEADLINE_MS, () => performance.now());
  try {
    switch (message.name) {
      case 'list':
        return succeed(list(partitions, message.query, deadline));
      case 'get':
        return readOne(partitions, message.query);
      case 'facets':
        return succeed(readFacets(partitions, message.query, deadline));
      case 'histogram':
        return succeed(readHistogram(partitions, message.query, deadline));
      case 'totals':
        return succeed(readTotals(partitions, message.query, deadline));
      case 'facetCounts':
        return succeed(readFacetCounts(partitions, message.query, deadline));
      case 'highlights':
        return succeed(readHighlights(partitions, message.query, deadline));
      case 'traffic':
        return succeed(readTraffic(partitions, message.query.windowMs, message.query.nowMs, deadline));
      default:
        return assertNever(message, 'question to the reader');
    }
  } catch (error) {
    if (error instanceof DeadlinePassed) return tooSlow();
    const why = error instanceof Error ? error.message : String(error);
    return fail(
      'REQUEST_LOG_UNUSABLE',
      `The request log could not be read: ${why}.`,
      'Check that the disk of the data directory is mounted and readable, then try again.',
    );
  }
}

function list(partitions: ReaderPartitions, query: RequestPageQuery, deadline: Deadline): RequestPage {
  const { sort = 'newest' } = query;
  return sort === 'newest' ? listRequests(partitions, query, deadline) : listLargest(partitions, query, sort, deadline);
}

export function tooSlow(): Result<never> {
  return fail(
    'TIMED_OUT',
    `Reading the request log took over ${READ_DEADLINE_MS / 1000} s.`,
    'Narrow the time range or add a filter, then try again.',
  );
}

function readOne(partitions: ReaderPartitions, id: number): Result<RequestDetail> {
  let damage: string | null = null;
  const detail = partitions.read(
    dayOfRow(id),
    (partition) => getRequest(partition, numberOfRow(id)),
    (reason) => (damage = reason),
  );
  if (detail !== null) return succeed(detail);
  if (damage === null) {
    return fail(
      'REQUEST_UNKNOWN',
      `There is no request ${id} in the log.`,
      'Retention may have removed it; list requests to see what is kept.',
    );
  }
  return fail(
    'REQUEST_LOG_UNUSABLE',
    `The request log of ${dayOfRow(id)} cannot be read: ${String(damage)}.`,
    'Restart the gateway: it sets damaged days aside.',
  );
}
