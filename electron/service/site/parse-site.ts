import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { FeatureCatalogue } from '../../contract/feature-status.ts';
import { siteSchema } from '../../contract/site-schema.ts';
import type { Site } from '../../contract/site-schema.ts';
import type { SiteProblem } from '../../contract/site-status.ts';
import { explainIssue } from './explain-issue.ts';
import { nearestName } from './nearest-name.ts';

/** A site file is written by hand; more than this is a mistake or an attack. */
const MAX_SITE_BYTES = 1_000_000;
/** Enough for every honest use of anchors; a file that multiplies itself through them is refused. */
const MAX_ALIASES = 100;
/** One mistake in the syntax can lead to many messages; nobody reads more than these. */
const MAX_PROBLEMS = 20;

export type ParsedSite =
  { readonly ok: true; readonly site: Site } | { readonly ok: false; readonly problems: readonly SiteProblem[] };

/** Facts about GitLab that a site file is checked against. */
export interface FeatureCatalogues {
  /** Versions with a catalogue, newest first. */
  readonly versions: readonly string[];
  /** The catalogue of a version, the newest one for undefined, or null when there is none. */
  get(version: string | undefined): FeatureCatalogue | null;
}

/** Reads a site file's text; every problem comes with line and column where they can be told. */
export function parseSite(text: string, catalogues: FeatureCatalogues): ParsedSite {
  if (Buffer.byteLength(text) > MAX_SITE_BYTES) {
    return refuse([{ line: null, column: null, path: '', reason: 'the file is larger than 1 MB' }]);
  }
  const lines = new LineCounter();
  let document: Document;
  let value: unknown;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
    if (document.errors.length > 0) {
      return refuse(
        document.errors.map((error) => ({
          ...placeAt(lines, error.pos[0]),
          path: '',
          reason: lowerFirst(error.message),
        })),
      );
    }
    value = document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (error) {
    // The library throws for aliases that multiply and for nesting deeper than the stack.
    const reason = error instanceof Error ? error.message : String(error);
    return refuse([{ line: null, column: null, path: '', reason: `cannot be read: ${lowerFirst(reason)}` }]);
  }
  if (value === null || value === undefined) {
    return refuse([
      { line: 1, column: 1, path: '', reason: 'the file is empty; it needs "version: 1" and "site: { name: … }"' },
    ]);
  }
  const parsed = siteSchema.safeParse(value);
  const found = parsed.success
    ? checkFeatures(parsed.data, catalogues)
    : parsed.error.issues.flatMap((issue) => explainIssue(issue, (path) => valueAt(value, path)));
  if (parsed.success && found.length === 0) return { ok: true, site: parsed.data };
  const problems = found.map(({ path, atKey, reason }) => ({
    ...placeOf(document, lines, path, atKey),
    path: pathInWords(path),
    reason,
  }));
  return refuse(problems);
}

function refuse(problems: readonly SiteProblem[]): ParsedSite {
  return { ok: false, problems: [...problems].sort(byPlace).slice(0, MAX_PROBLEMS) };
}

function byPlace(a: SiteProblem, b: SiteProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

type Found = { readonly path: readonly (string | number)[]; readonly atKey: boolean; readonly reason: string };

function checkFeatures(site: Site, catalogues: FeatureCatalogues): readonly Found[] {
  const catalogue = catalogues.get(site.gitlab?.version);
  if (!catalogue) {
    const reason = `the features of GitLab ${site.gitlab?.version} are not known; known: ${catalogues.versions.join(', ')}`;
    return [{ path: ['gitlab', 'version'], atKey: false, reason }];
  }
  const known = catalogue.features.map((definition) => definition.feature);
  return Object.keys(site.features)
    .filter((feature) => !known.includes(feature))
    .map((feature) => {
      const nearest = nearestName(feature, known);
      const hint = nearest ? `did you mean "${nearest}"?` : 'see "outpost features" for the list';
      const reason = `GitLab ${catalogue.gitlabVersion} has no feature "${feature}"; ${hint}`;
      return { path: ['features', feature], atKey: true, reason };
    });
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.hasOwn(value, part) ? (value as Record<string | number, unknown>)[part] : undefined;
  }
  return value;
}

/** Where a path is in the text; for what is missing, where its nearest parent is. */
function placeOf(document: Document, lines: LineCounter, path: readonly (string | number)[], atKey: boolean) {
  for (let length = path.length; length >= 0; length--) {
    const parent = length === 0 ? null : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if ((atKey || length < path.length) && length > 0 && isMap(parent)) {
      const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair && isNode(pair.key) && pair.key.range) return placeAt(lines, pair.key.range[0]);
    }
    if (isNode(node) && node.range) return placeAt(lines, node.range[0]);
  }
  return { line: null, column: null };
}

function placeAt(lines: LineCounter, offset: number): { line: number | null; column: number | null } {
  const { line, col } = lines.linePos(offset);
  return line > 0 ? { line, column: col } : { line: null, column: null };
}

function pathInWords(path: readonly (string | number)[]): string {
  let words = '';
  for (const part of path) words += typeof part === 'number' ? `[${part}]` : words === '' ? part : `.${part}`;
  return words;
}

function lowerFirst(text: string): string {
  const first = text.split('\n')[0] ?? '';
  return first.charAt(0).toLowerCase() + first.slice(1);
}

/** A problem as one line, such as `line 4, servers[0].port: must be at most 65535`. */
export function problemInWords(problem: SiteProblem): string {
  const place = problem.line === null ? '' : `line ${problem.line}`;
  const where = [place, problem.path].filter((part) => part !== '').join(', ');
  return where === '' ? problem.reason : `${where}: ${problem.reason}`;
}
