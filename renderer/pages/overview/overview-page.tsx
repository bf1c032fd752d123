import { Stack } from '@mantine/core';
import { AsyncView } from '../../components/async-view.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useWhileLive } from '../../stores/follow-service.ts';
import { selectStatus, useStatus } from '../../stores/status.ts';
import { followTraffic } from '../../stores/traffic.ts';
import { EventList } from './event-list.tsx';
import { GatewayPanel } from './gateway-panel.tsx';
import { GpuPanel } from './gpu-panel.tsx';
import { OverviewSkeleton } from './overview-skeleton.tsx';
import { ProblemCards } from './problem-cards.tsx';
import { ProcessPanel } from './process-panel.tsx';
import { SiteFileBanner } from './site-file-banner.tsx';
import { TrafficTiles } from './traffic-tiles.tsx';
import { summarize } from './summarize.ts';
import classes from './overview.module.css';

/** Is it up, is it fast, what broke and what to do now. */
export function OverviewPage() {
  const status = useStatus(selectStatus);
  useWhileLive(followTraffic);
  return (
    <>
      <PageHeader
        title="Overview"
        description={status.state === 'loaded' ? summarize(status.value.processes) : 'Reading the state of the site'}
      />
      <AsyncView data={status} what="the state of the site" skeleton={<OverviewSkeleton />} onRetry={reload}>
        {(site) => (
          <Stack gap="lg">
            <SiteFileBanner file={site.site_file} />
            <ProblemCards processes={site.processes} />
            <TrafficTiles />
            <div className={classes.columns}>
              <Stack gap="lg" miw={0}>
                <ProcessPanel processes={site.processes} />
                <EventList />
              </Stack>
              <Stack gap="lg" miw={0}>
                <GatewayPanel addresses={site.gateway} />
                <GpuPanel gpus={site.gpus} note={site.gpus_note} />
              </Stack>
            </div>
          </Stack>
        )}
      </AsyncView>
    </>
  );
}

/** The state comes by subscription, which only a new connection starts again. */
function reload(): void {
  location.reload();
}
