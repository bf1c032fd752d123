import { Link } from 'wouter';
import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { formatCount } from '../../components/format-number.ts';
import { KeyValue } from '../../components/key-value.tsx';
import { formatDateTime } from '../../components/time-text.tsx';
import { selectRunOf, useRelated } from '../../stores/request-related.ts';
import classes from './requests.module.css';

/** The facts of a request beside its bodies. */
export function RequestSummaryList({ request }: { readonly request: RequestDetail }) {
  const run = useRelated(selectRunOf(request.id));
  const asked = request.model_asked !== null && request.model_asked !== request.model ? request.model_asked : null;
  return (
    <KeyValue
      rows={[
        ['Time', formatDateTime(Date.parse(request.time))],
        ['Route', `${request.method} ${request.route}`],
        ['HTTP status', request.http_status ?? 'none was sent'],
        ['Model', request.model],
        ['Model asked for', asked],
        [
          'Server',
          request.served_by && (
            <span className={classes.links}>
              <Link href={`/servers/${request.served_by}`}>{request.served_by}</Link>
              <Link href={`/servers/${request.served_by}/log${run === null ? '' : `?run=${run}`}`}>
                {run === null ? 'Its log' : `Log of run ${run}, which answered`}
              </Link>
            </span>
          ),
        ],
        ['Feature', request.feature],
        ['Key', request.key ?? 'none'],
        ['Client', request.client_address],
        ['Tokens', tokens(request)],
        ['Finish reason', request.finish_reason],
        ['Retries', request.retries > 0 ? request.retries : null],
        ['Stands for', request.count > 1 ? `${formatCount(request.count)} requests of the same kind` : null],
        [
          'Request id',
          <span key="id" className={classes.requestId}>
            <code className={classes.code}>{request.request_id}</code>
            <CopyButton text={request.request_id} what="request id" />
          </span>,
        ],
      ]}
    />
  );
}

function tokens({ prompt_tokens: asked, completion_tokens: answered, cached_tokens: cached }: RequestDetail) {
  if (asked === null && answered === null) return null;
  const fromCache = cached === null ? '' : ` (${formatCount(cached)} from the cache)`;
  return `${formatCount(asked)} in${fromCache}, ${formatCount(answered)} out`;
}
