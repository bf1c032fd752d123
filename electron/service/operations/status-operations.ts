import type { ControlOperations } from '../../contract/control-api.ts';
import type { SiteEvent, SiteStatus } from '../../contract/site-status.ts';
import type { SiteKeeper } from '../site/site-keeper.ts';
import type { Store } from '../store/store.ts';
import type { GpuReading } from '../telemetry/gpu-poller.ts';
import type { Emitter } from './emitter.ts';
import type { SiteRuntime } from './site-runtime.ts';

/** Several changes at once reach a follower as one. */
const COALESCE_MS = 100;

export interface StatusOperationParts {
  readonly keeper: SiteKeeper;
  readonly runtime: SiteRuntime;
  readonly store: Store;
  readonly events: Emitter<SiteEvent>;
  readonly gpus: () => GpuReading;
  readonly version: string;
}

export function statusOperations(
  parts: StatusOperationParts,
): Pick<ControlOperations, 'status' | 'followStatus' | 'events' | 'followEvents'> {
  const { keeper, runtime, store, events, gpus, version } = parts;

  const status = (): SiteStatus => {
    const { gpus: list, note } = gpus();
    return {
      site: runtime.site()?.site.name ?? '',
      service: { pid: process.pid, version },
      processes: runtime.statuses(),
      gpus: list,
      gpus_note: note,
      gateway: runtime.gatewayUrls(),
      site_file: keeper.state(),
    };
  };

  return {
    async status() {
      return status();
    },
    followStatus(emit, signal) {
      let last = '';
      let timer: NodeJS.Timeout | null = null;
      const tell = () => {
        timer = null;
        const next = status();
        const text = JSON.stringify(next);
        if (text === last) return;
        last = text;
        emit(next);
      };
      runtime.onChange(() => {
        timer ??= setTimeout(tell, COALESCE_MS);
      }, signal);
      signal.addEventListener('abort', () => {
        if (timer) clearTimeout(timer);
      });
      tell();
    },
    async events(limit) {
      return store.events(limit);
    },
    followEvents(emit, signal) {
      events.follow(emit, signal);
    },
  };
}
