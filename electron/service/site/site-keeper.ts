import { copyFileSync, existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createTwoFilesPatch } from 'diff';
import { writeFileAtomic } from '../../base/atomic-write.ts';
import type { Clock } from '../../base/clock.ts';
import type { ChangeAuthor, SiteChange } from '../../contract/control-api.ts';
import type { Result } from '../../contract/outpost-error.ts';
import { fail, succeed } from '../../contract/outpost-error.ts';
import type { Site } from '../../contract/site-schema.ts';
import type { SiteFileState, SiteProblem } from '../../contract/site-status.ts';
import type { Store } from '../store/store.ts';
import { summarizeChange } from './compare-sites.ts';
import type { SiteEdit } from './edit-site.ts';
import { editSiteText } from './edit-site.ts';
import type { FeatureCatalogues } from './parse-site.ts';
import { parseSite, problemInWords } from './parse-site.ts';
import { watchFile } from './watch-file.ts';

/** The site that is in force. */
export interface SiteInForce {
  readonly revision: number;
  readonly text: string;
  readonly site: Site;
}

export interface SiteChanged {
  readonly before: Site | null;
  readonly after: Site;
  readonly author: ChangeAuthor;
  readonly summary: string;
  readonly revision: number;
}

export interface SiteKeeperListeners {
  /** Another site is in force. Waited for before a save counts as done. */
  readonly changed: (change: SiteChanged) => void;
  /** The file on disk was refused, or is in force again (null). */
  readonly problems: (problems: readonly SiteProblem[] | null) => void;
}

/**
 * Owner of the site file. What is in force is always valid and always kept in the store, so a broken file on disk changes
 * nothing, not even across a restart. Nothing an operator typed is lost: a hand edit becomes a revision when it is valid,
 * and while it is not, edits that would overwrite it are refused or set it aside first.
 */
export class SiteKeeper {
  readonly file: string;
  readonly #store: Store;
  readonly #catalogues: FeatureCatalogues;
  readonly #clock: Clock;
  readonly #listeners: SiteKeeperListeners;
  #inForce: SiteInForce | null = null;
  #problems: readonly SiteProblem[] | null = null;
  #refusedText: string | null = null;
  #stopWatching: (() => void) | null = null;

  constructor(file: string, store: Store, catalogues: FeatureCatalogues, clock: Clock, listeners: SiteKeeperListeners) {
    this.file = file;
    this.#store = store;
    this.#catalogues = catalogues;
    this.#clock = clock;
    this.#listeners = listeners;
  }

  /** Takes up the last valid site, then what is on disk, and follows the file from then on. */
  open(): void {
    const newest = this.#store.newestRevision();
    if (newest) {
      const parsed = parseSite(newest.text, this.#catalogues);
      if (parsed.ok) this.#inForce = { ...newest, site: parsed.site };
    }
    this.readDisk();
    this.#stopWatching = watchFile(this.file, () => this.readDisk());
  }

  close(): void {
    this.#stopWatching?.();
  }

  /** Null in a first run, or when the only site there ever was is not valid. */
  inForce(): SiteInForce | null {
    return this.#inForce;
  }

  /** Whether there is or was a site: false means first run. */
  exists(): boolean {
    return this.#inForce !== null || existsSync(this.file);
  }

  state(): SiteFileState {
    return { path: this.file, revision: this.#inForce?.revision ?? 0, problems: this.#problems };
  }

  /** The text on disk while that is refused, so that it can be repaired; else the one in force. */
  text(): string {
    return this.#refusedText ?? this.#inForce?.text ?? '';
  }

  history(limit: number): readonly SiteChange[] {
    return this.#store.revisions(limit);
  }

  validate(text: string): readonly SiteProblem[] {
    const parsed = parseSite(text, this.#catalogues);
    return parsed.ok ? [] : parsed.problems;
  }

  /** Writes the first site. */
  start(text: string, author: ChangeAuthor): Result<SiteFileState> {
    if (existsSync(this.file)) {
      return fail('ALREADY_EXISTS', `There is a site file already: ${this.file}.`, 'Edit it instead.');
    }
    return this.#write(text, author, null);
  }

  /** Changes the site in force through an edit that keeps comments and order. */
  edit(edit: SiteEdit, author: ChangeAuthor, what: string): Result<SiteFileState> {
    this.readDisk();
    if (this.#problems) return this.#refuseOverBroken(what);
    if (!this.#inForce)
      return fail('SITE_INVALID', 'There is no site yet.', 'Start with the demo or an empty site first.');
    return this.#write(editSiteText(this.#inForce.text, edit), author, null);
  }

  /** Replaces the whole text, also that of a broken file, which is then set aside. */
  save(text: string, baseRevision: number, author: ChangeAuthor): Result<SiteFileState> {
    this.readDisk();
    const revision = this.#inForce?.revision ?? 0;
    if (baseRevision !== revision) {
      return fail(
        'SITE_CHANGED_MEANWHILE',
        `The site has changed since you began: it is at revision ${revision}, your text started from ${baseRevision}.`,
        'Load the newest text and make your change again.',
      );
    }
    return this.#write(text, author, null);
  }

  /** Puts an old revision in force again, as a new revision. */
  rollback(revision: number, author: ChangeAuthor): Result<SiteFileState> {
    this.readDisk();
    const text = this.#store.revisionText(revision);
    if (text === null) {
      return fail('NOT_FOUND', `There is no revision ${revision} of the site.`, 'Choose one from the history.');
    }
    return this.#write(text, author, `rolled back to revision ${revision}`);
  }

  /** Looks at the file; a change that is valid is in force when this returns. */
  readDisk(): void {
    const text = this.#readText();
    if (text === null) {
      if (this.#inForce) this.#setProblems(null, [aboutFile('the file is missing; a rollback writes it again')]);
      return;
    }
    if (text instanceof Error) {
      this.#setProblems(null, [aboutFile(`the file cannot be read: ${text.message}`)]);
      return;
    }
    if (text === this.#inForce?.text) {
      this.#setProblems(null, null);
      return;
    }
    if (text === this.#refusedText) return;
    const parsed = parseSite(text, this.#catalogues);
    if (!parsed.ok) {
      this.#setProblems(text, parsed.problems);
      return;
    }
    try {
      this.#putInForce(text, parsed.site, 'file', null);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#setProblems(null, [aboutFile(`the change cannot be kept: ${reason}; free space and save the file again`)]);
    }
  }

  /** Null when there is no file, an error when there is one that cannot be read. */
  #readText(): string | null | Error {
    try {
      return readFileSync(this.file, 'utf8').replace(/^\uFEFF/, '');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #setProblems(refusedText: string | null, problems: readonly SiteProblem[] | null): void {
    const before = JSON.stringify(this.#problems);
    this.#refusedText = refusedText;
    this.#problems = problems;
    if (JSON.stringify(problems) !== before) this.#listeners.problems(problems);
  }

  #refuseOverBroken(what: string): Result<never> {
    const first = this.#problems?.[0];
    if (this.#refusedText === null) {
      return fail(
        'SITE_INVALID',
        `Cannot ${what}: ${this.file}: ${first?.reason ?? 'unknown'}.`,
        'Put the file back, or roll back to a revision from the history.',
      );
    }
    return fail(
      'SITE_INVALID',
      `Cannot ${what}: the site file on disk has an error (${first ? problemInWords(first) : 'unknown'}), and writing it now would lose what was typed there.`,
      `Correct ${this.file} first, or roll back to a revision from the history.`,
    );
  }

  #write(text: string, author: ChangeAuthor, summary: string | null): Result<SiteFileState> {
    const parsed = parseSite(text, this.#catalogues);
    if (!parsed.ok) {
      const [first, ...rest] = parsed.problems;
      const more = rest.length > 0 ? ` (and ${rest.length} more)` : '';
      return fail(
        'SITE_INVALID',
        `The site was not changed: ${first ? problemInWords(first) : 'it is not valid'}${more}.`,
        'Correct it and save again.',
        parsed.problems.map(problemInWords).join('\n'),
      );
    }
    if (text === this.#inForce?.text && this.#problems === null) return succeed(this.state());
    let keptAs: string | null = null;
    try {
      const target = existsSync(this.file) ? realpathSync(this.file) : this.file;
      if (this.#refusedText !== null && existsSync(target)) {
        keptAs = `${target}.refused-${new Date(this.#clock.nowMs()).toISOString().replaceAll(/[:.]/g, '-')}`;
        copyFileSync(target, keptAs);
      }
      const mode = existsSync(target) ? statSync(target).mode & 0o777 : 0o644;
      writeFileAtomic(target, text, mode);
    } catch (error) {
      return fail(
        'DISK_WRITE_FAILED',
        `Cannot write ${this.file}: ${error instanceof Error ? error.message : String(error)}.`,
        'Check free space and permissions of the folder.',
      );
    }
    const replaced = keptAs === null ? '' : ` (the file with errors is kept as ${keptAs})`;
    const words = summary ?? (replaced ? summarizeChange(this.#inForce?.site ?? null, parsed.site) : null);
    this.#putInForce(text, parsed.site, author, words === null ? null : words + replaced);
    return succeed(this.state());
  }

  #putInForce(text: string, site: Site, author: ChangeAuthor, summary: string | null): void {
    const before = this.#inForce;
    const words = summary ?? summarizeChange(before?.site ?? null, site);
    const revision =
      before?.text === text
        ? before.revision
        : this.#store.addRevision({
            timeMs: this.#clock.nowMs(),
            author,
            summary: words,
            diff: unifiedDiff(before, text, (this.#store.newestRevision()?.revision ?? 0) + 1),
            text,
          });
    this.#inForce = { revision, text, site };
    this.#setProblems(null, null);
    this.#listeners.changed({ before: before?.site ?? null, after: site, author, summary: words, revision });
  }
}

function unifiedDiff(before: SiteInForce | null, text: string, revision: number): string {
  const patch = createTwoFilesPatch(
    `revision ${before?.revision ?? 0}`,
    `revision ${revision}`,
    before?.text ?? '',
    text,
  );
  // The library begins with a line of equal signs, which is no part of a unified diff.
  return patch.slice(patch.indexOf('--- '));
}

function aboutFile(reason: string): SiteProblem {
  return { line: null, column: null, path: '', reason };
}
