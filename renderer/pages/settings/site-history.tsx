import type { SiteChange } from '../../../electron/contract/control-api.ts';
import { rollBackSiteAction } from '../../actions/roll-back-site.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { AsyncView } from '../../components/async-view.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { useWhileLive } from '../../stores/follow-service.ts';
import { valueOf } from '../../stores/loadable.ts';
import { followHistory, refreshHistory, selectHistory, useSettings } from '../../stores/settings.ts';
import { selectSite, useSite } from '../../stores/site.ts';
import { DiffView } from './diff-view.tsx';
import classes from './settings.module.css';

const authorWords: Record<SiteChange['author'], string> = {
  window: 'in the window',
  browser: 'in a browser',
  cli: 'with the command line',
  file: 'in the file',
  service: 'by the service',
};

/** Every change of the site file, newest first. */
export function SiteHistory() {
  useWhileLive(followHistory);
  const history = useSettings(selectHistory);
  const revision = valueOf(useSite(selectSite))?.file.revision;
  return (
    <Panel title="History" flush>
      <AsyncView
        data={history}
        what="the history"
        inset
        isEmpty={(changes) => changes.length === 0}
        empty={<EmptyState title="No change yet">Each change appears here with its difference.</EmptyState>}
        onRetry={() => void refreshHistory()}
      >
        {(changes) => (
          <ol className={classes.history}>
            {changes.map((change) => (
              <li key={change.revision} data-revision={change.revision}>
                <div className={classes.change}>
                  <span className={classes.revision}>{change.revision}</span>
                  <span className={classes.summary}>
                    {change.summary}
                    <span className={classes.hint}>
                      <RelativeTime time={change.timeMs} /> {authorWords[change.author]}
                    </span>
                  </span>
                  {change.revision === revision ? (
                    <span className={classes.hint}>In force</span>
                  ) : (
                    <ActionButton
                      action={rollBackSiteAction}
                      subject={change}
                      subjectName={`revision ${change.revision}`}
                    />
                  )}
                </div>
                {change.diff !== '' && (
                  <details className={classes.difference}>
                    <summary>What changed</summary>
                    <DiffView diff={change.diff} what={`Difference of revision ${change.revision}`} />
                  </details>
                )}
              </li>
            ))}
          </ol>
        )}
      </AsyncView>
    </Panel>
  );
}
