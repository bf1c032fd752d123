import { Button, Group, Stack } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { SiteDocument } from '../../../electron/contract/control-api.ts';
import type { OutpostError } from '../../../electron/contract/outpost-error.ts';
import { AsyncView } from '../../components/async-view.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Panel } from '../../components/panel.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { selectIsLive, useConnection } from '../../stores/connection.ts';
import { noticeDone } from '../../stores/notices.ts';
import { checkSiteText, forgetProblems, saveSiteText, selectProblems, useSettings } from '../../stores/settings.ts';
import { refreshSite, selectSite, useSite } from '../../stores/site.ts';
import { ProblemList } from './problem-list.tsx';
import { SiteHistory } from './site-history.tsx';
import { TextEditor, goToLine } from './text-editor.tsx';
import classes from './settings.module.css';

/** How long after the last key the text is checked. */
const TYPED_MS = 350;

/** The one description of what is wanted, as text, with its history. */
export function SiteFileTab() {
  const site = useSite(selectSite);
  return (
    <Stack gap="md">
      <AsyncView data={site} what="the site file" onRetry={() => void refreshSite()}>
        {(document) => <SiteEditor document={document} />}
      </AsyncView>
      <SiteHistory />
    </Stack>
  );
}

interface Draft {
  readonly text: string;
  /** Revision that the operator began to change. */
  readonly baseRevision: number;
}

function SiteEditor({ document }: { readonly document: SiteDocument }) {
  const live = useConnection(selectIsLive);
  const problems = useSettings(selectProblems);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<OutpostError | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { file, text: current } = document;
  const text = draft?.text ?? current;
  const changed = draft !== null && draft.text !== current;
  const conflict = changed && draft.baseRevision !== file.revision;

  useEffect(() => {
    if (!changed) {
      forgetProblems();
      return;
    }
    const timer = setTimeout(() => void checkSiteText(text), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, changed]);

  async function save(baseRevision: number) {
    setBusy(true);
    const result = await saveSiteText(text, baseRevision);
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (result.ok) {
      setDraft(null);
      noticeDone(`The site file is saved as revision ${result.value.revision}`);
    } else if (result.error.code === 'SITE_CHANGED_MEANWHILE') {
      await refreshSite();
    }
  }
  function discard() {
    setDraft(null);
    setError(null);
  }

  const shownProblems = changed ? (problems ?? []) : (file.problems ?? []);
  const marked = new Set(shownProblems.flatMap(({ line }) => line ?? []));
  return (
    <Panel
      title={file.path}
      aside={<EditState changed={changed} checked={problems !== null} faults={shownProblems.length} />}
    >
      <Stack gap="sm">
        {!changed && file.problems !== null && (
          <ErrorNotice
            alert={false}
            error={{
              message: 'The file on disk is not in force: it has mistakes, and the last valid one is used.',
              action: 'Correct the lines below and save.',
            }}
          />
        )}
        {conflict && (
          <ErrorNotice
            tone="warn"
            error={{
              message: `The site file was changed while you were editing: it is at revision ${file.revision} now, and you began with ${draft.baseRevision}.`,
              action:
                'Discard your text to see the other change, or save yours in its place; both stay in the history.',
            }}
          >
            <Group gap="xs">
              <Button size="xs" variant="default" onClick={discard}>
                Discard mine
              </Button>
              <Button size="xs" variant="default" loading={busy} onClick={() => void save(file.revision)}>
                Save mine
              </Button>
            </Group>
          </ErrorNotice>
        )}
        <TextEditor
          value={text}
          label="Text of the site file"
          marked={marked}
          fieldRef={field}
          onChange={(next) => setDraft({ text: next, baseRevision: draft?.baseRevision ?? file.revision })}
        />
        <ProblemList problems={shownProblems} onGoTo={(line) => field.current && goToLine(field.current, line)} />
        {error && error.code !== 'SITE_CHANGED_MEANWHILE' && <ErrorNotice error={error} />}
        <div className={classes.editorFoot}>
          <span className={classes.hint}>
            Revision {file.revision}. Changes made to the file with another editor are picked up at once.
          </span>
          <Group gap="xs">
            <Button variant="default" disabled={!changed} onClick={discard}>
              Discard changes
            </Button>
            <Button
              loading={busy}
              disabled={!changed || !live || shownProblems.length > 0 || conflict}
              onClick={() => void save(draft?.baseRevision ?? file.revision)}
            >
              Save
            </Button>
          </Group>
        </div>
      </Stack>
    </Panel>
  );
}

interface EditStateProps {
  readonly changed: boolean;
  readonly checked: boolean;
  readonly faults: number;
}

function EditState({ changed, checked, faults }: EditStateProps) {
  const words = faults === 1 ? '1 mistake' : `${faults} mistakes`;
  return (
    <span role="status">
      {faults > 0 ? (
        <StateBadge tone="bad" label={words} />
      ) : !changed ? (
        <StateBadge tone="ok" label="In force" />
      ) : checked ? (
        <StateBadge tone="warn" label="Valid, not saved" />
      ) : (
        <StateBadge tone="busy" label="Checking" />
      )}
    </span>
  );
}
