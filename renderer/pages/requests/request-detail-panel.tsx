import { ActionIcon, Skeleton, Tabs, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import type { RequestDetail } from '../../../electron/contract/request-row.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { explainError } from '../../components/explain-error.ts';
import { RequestStateBadge } from '../../components/state-badge.tsx';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { openRequest, selectDetail, useRequests } from '../../stores/requests.ts';
import { BodyView } from './body-view.tsx';
import { ConversationView } from './conversation-view.tsx';
import { HeaderTable } from './header-table.tsx';
import { RelatedRequests } from './related-requests.tsx';
import { RequestActions } from './request-actions.tsx';
import { RequestSummaryList } from './request-summary-list.tsx';
import { TimingBar } from './timing-bar.tsx';
import classes from './requests.module.css';

/** Below this width the request takes the place of the list, so the focus has to go there. */
const NARROW = '(max-width: 1279px)';

export function RequestDetailPanel({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const detail = useRequests(selectDetail);
  const live = useConnection(selectIsLive);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (live) void openRequest(id);
  }, [id, live]);
  useEffect(() => {
    if (window.matchMedia(NARROW).matches) panel.current?.focus();
  }, []);
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      className={classes.detail}
      aria-label={`Request ${id}`}
      data-testid="request-detail"
    >
      <div className={classes.detailHead}>
        <Title order={2}>Request {id}</Title>
        {detail.state === 'loaded' && <RequestStateBadge state={detail.value.state} />}
        <ActionIcon
          variant="subtle"
          color="gray"
          c="var(--op-muted)"
          aria-label="Close the request"
          className={classes.close}
          onClick={onClose}
        >
          <IconX size={17} />
        </ActionIcon>
      </div>
      <div className={classes.detailBody} tabIndex={0} role="region" aria-label={`Particulars of request ${id}`}>
        <AsyncView
          data={detail}
          what={`request ${id}`}
          skeleton={<Skeleton height={240} />}
          onRetry={() => void openRequest(id)}
        >
          {(request) => <Particulars request={request} />}
        </AsyncView>
      </div>
    </aside>
  );
}

function Particulars({ request }: { readonly request: RequestDetail }) {
  return (
    <div className={classes.particulars}>
      {request.error !== null && (
        <ErrorNotice
          alert={false}
          tone={request.state === 'error' ? 'bad' : 'warn'}
          error={{ message: request.error, ...actionFor(request) }}
          more={request.error_code && <code className={classes.code}>{request.error_code}</code>}
        />
      )}
      <RequestActions request={request} />
      <RequestSummaryList request={request} />
      <TimingBar request={request} />
      {request.bodies_note && (
        <ErrorNotice alert={false} tone="warn" error={{ message: `Bodies are not shown: ${request.bodies_note}` }} />
      )}
      <Tabs defaultValue="conversation" keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="conversation">Conversation</Tabs.Tab>
          <Tabs.Tab value="request">Request</Tabs.Tab>
          <Tabs.Tab value="response">Response</Tabs.Tab>
          <Tabs.Tab value="headers">Headers</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="conversation">
          <ConversationView request={request} />
        </Tabs.Panel>
        <Tabs.Panel value="request">
          <BodyView body={request.request_body} what="request body" />
        </Tabs.Panel>
        <Tabs.Panel value="response">
          <BodyView body={request.response_body} what="response body" />
        </Tabs.Panel>
        <Tabs.Panel value="headers">
          <HeaderTable title="Request headers" headers={request.headers.request} />
          <HeaderTable title="Response headers" headers={request.headers.response} />
        </Tabs.Panel>
      </Tabs>
      <RelatedRequests request={request} />
    </div>
  );
}

function actionFor({ error_code: code, http_status: status }: RequestDetail): { readonly action?: string } {
  const action = explainError(code, status);
  return action === null ? {} : { action };
}
