import { useEffect } from 'react';
import { Link, useSearch } from 'wouter';
import type { RequestDetail, RequestSummary } from '../../../electron/contract/request-row.ts';
import { formatDuration } from '../../components/format-duration.ts';
import { RequestStateBadge } from '../../components/state-badge.tsx';
import { formatDateTime } from '../../components/time-text.tsx';
import { findRelated, selectRelated, useRelated } from '../../stores/request-related.ts';
import classes from './requests.module.css';

/** The rows before and after of the same client and model, and those that the client sent again. */
export function RelatedRequests({ request }: { readonly request: RequestDetail }) {
  const { previous, next, sameId } = useRelated(selectRelated(request.id));
  useEffect(() => {
    void findRelated(request);
    // A row that is renewed while it runs has the same neighbours.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [request.id]);
  if (!previous && !next && sameId.length === 0) return null;
  return (
    <section className={classes.related} aria-labelledby="related-requests">
      <h3 id="related-requests">Same client and model</h3>
      <ul>
        {previous && <Related what="Before" row={previous} />}
        {next && <Related what="After" row={next} />}
        {sameId.map((row) => (
          <Related key={row.id} what="Same id" row={row} />
        ))}
      </ul>
    </section>
  );
}

function Related({ what, row }: { readonly what: string; readonly row: RequestSummary }) {
  const search = useSearch();
  return (
    <li>
      <span className={classes.hint}>{what}</span>
      <RequestStateBadge state={row.state} />
      <Link href={`/requests/${row.id}${search === '' ? '' : `?${search}`}`} replace>
        {formatDateTime(Date.parse(row.time))}
      </Link>
      <span className={classes.hint}>{formatDuration(row.duration_ms)}</span>
    </li>
  );
}
