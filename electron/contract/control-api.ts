import { z } from 'zod';
import type { KeyRules } from './key-rules.ts';
import { keyRulesSchema } from './key-rules.ts';
import { featureNameSchema, keyNameSchema, modelNameSchema, processNameSchema, secretNameSchema } from './names.ts';
import { gatewayLogSchema, serverSchema } from './site-schema.ts';
import type { Result } from './outpost-error.ts';
import type { RunRecord } from './process-state.ts';
import type { FeatureStatus } from './feature-status.ts';
import type {
  RequestFacetCounts,
  RequestHighlight,
  RequestHighlightsQuery,
  RequestHistogram,
  RequestHistogramQuery,
  RequestTotals,
} from './request-analysis.ts';
import type {
  RequestDetail,
  RequestFacets,
  RequestFilter,
  RequestPage,
  RequestPageQuery,
  TrafficStats,
} from './request-row.ts';
import type { ServerConfig } from './site-schema.ts';
import type { ProcessStatus, SiteEvent, SiteFileState, SiteProblem, SiteStatus } from './site-status.ts';

/** Who asks for a change; kept in the change history. */
export type ChangeAuthor = 'window' | 'browser' | 'cli' | 'file' | 'service';

export const authorSchema = z.enum(['window', 'browser', 'cli']);
/** Any supervised process, the gateway included. */
export const anyProcessNameSchema = z.union([processNameSchema, z.literal('gateway')]);

export const controlInputs = {
  processName: z.strictObject({ name: anyProcessNameSchema }),
  serverDraft: z.strictObject({ server: serverSchema }),
  saveServer: z.strictObject({
    server: serverSchema,
    /** Name of the server to replace, or null to add one. */
    replaces: processNameSchema.nullable(),
    author: authorSchema,
  }),
  removeServer: z.strictObject({ name: processNameSchema, author: authorSchema }),
  saveSiteText: z.strictObject({
    text: z.string().max(1_000_000),
    /** Revision the edit started from; refused when another change came first. */
    baseRevision: z.int(),
    author: authorSchema,
  }),
  saveLogSettings: z.strictObject({ log: gatewayLogSchema.partial(), author: authorSchema }),
  rollback: z.strictObject({ revision: z.int().positive(), author: authorSchema }),
  setFeature: z.strictObject({
    feature: featureNameSchema,
    /** A served model name, "disabled", or null to leave it unassigned. */
    setting: z.union([z.literal('disabled'), modelNameSchema]).nullable(),
    author: authorSchema,
  }),
  keyName: z.strictObject({ name: keyNameSchema }),
  /** Without rules the key may do everything. */
  addKey: z.strictObject({ name: keyNameSchema, rules: keyRulesSchema.optional() }),
  secretName: z.strictObject({ name: secretNameSchema }),
  setSecret: z.strictObject({ name: secretNameSchema, value: z.string().min(1).max(65_536) }),
  requestId: z.strictObject({ id: z.int().positive() }),
  stats: z.strictObject({ windowMs: z.int().min(1000).max(86_400_000).default(60_000) }),
  readLog: z.strictObject({
    name: anyProcessNameSchema,
    /** Run number, or null for the newest. */
    run: z.int().positive().nullable(),
    /** Byte offset to read from, or null to read the last lines. */
    fromOffset: z.int().min(0).nullable(),
    /** With fromOffset null: how many lines from the end. */
    lines: z.int().min(1).max(10_000).default(500),
  }),
  searchLog: z.strictObject({
    name: anyProcessNameSchema,
    run: z.int().positive().nullable(),
    /** Plain text, matched without regard to case. */
    text: z.string().min(1).max(200),
    limit: z.int().min(1).max(1000).default(200),
  }),
  events: z.strictObject({ limit: z.int().min(1).max(500).default(50) }),
  startSite: z.strictObject({
    /** Writes the demo site, or an empty one to add real servers to. Only when there is no site file yet. */
    kind: z.enum(['demo', 'empty']),
    name: z.string().min(1).max(100).optional(),
    author: authorSchema,
  }),
} as const;

export interface SiteDocument {
  /** Whether a site file exists: false means first run. */
  readonly exists: boolean;
  readonly text: string;
  readonly file: SiteFileState;
  readonly servers: readonly ServerConfig[];
  readonly log: z.infer<typeof gatewayLogSchema>;
}

export interface SiteChange {
  readonly revision: number;
  readonly timeMs: number;
  readonly author: ChangeAuthor;
  readonly summary: string;
  /** Unified diff against the revision before. */
  readonly diff: string;
}

/** What will be run for a server, with secrets replaced by •••. */
export interface CommandPreview {
  readonly command: string;
  readonly args: readonly string[];
  /** Variables that Outpost sets, besides those it passes on. */
  readonly env: Readonly<Record<string, string>>;
  /** One line for a shell, with the port shown as PORT while none is chosen. */
  readonly shellLine: string;
  readonly warnings: readonly string[];
}

/** A piece of a run's log. */
export interface LogChunk {
  readonly run: number;
  /**
   * Byte offset of the first byte of `text`, and of the byte after its last, counted from the start of the run: what the
   * cap cuts off does not move them.
   */
  readonly fromOffset: number;
  readonly toOffset: number;
  readonly sizeBytes: number;
  /** Whole lines, invalid UTF-8 replaced; escape sequences are kept for the terminal view. */
  readonly text: string;
  /** Bytes the cap has cut from the beginning of this run's log. */
  readonly droppedBytes: number;
}

export interface LogMatch {
  readonly offset: number;
  readonly line: string;
}

export interface KeyInfo {
  readonly name: string;
  readonly createdAtMs: number;
  readonly revokedAtMs: number | null;
  /** Absent from a service that knows no rules. */
  readonly rules?: KeyRules;
}

export interface SecretInfo {
  readonly name: string;
  readonly setAtMs: number;
  /** Where the site file refers to it, such as servers[0].env.HF_TOKEN. */
  readonly usedBy: readonly string[];
}

export interface ModelInfo {
  readonly model: string;
  readonly servers: readonly { readonly name: string; readonly actual: string; readonly simulated: boolean }[];
  /** Features assigned to it. */
  readonly features: readonly string[];
}

/** An engine executable found on this machine, offered when a server is added. */
export interface EngineCandidate {
  readonly engine: string;
  readonly command: string;
}

/**
 * Every operation of the control API; the router (service/api/router.ts) validates input and calls these.
 * Results are returned, never thrown, except for bugs.
 */
export interface ControlOperations {
  status(): Promise<SiteStatus>;
  site(): Promise<SiteDocument>;
  siteHistory(): Promise<readonly SiteChange[]>;
  startSite(input: z.infer<typeof controlInputs.startSite>): Promise<Result<SiteFileState>>;
  validateSiteText(text: string): Promise<readonly SiteProblem[]>;
  saveSiteText(input: z.infer<typeof controlInputs.saveSiteText>): Promise<Result<SiteFileState>>;
  saveServer(input: z.infer<typeof controlInputs.saveServer>): Promise<Result<SiteFileState>>;
  removeServer(input: z.infer<typeof controlInputs.removeServer>): Promise<Result<SiteFileState>>;
  saveLogSettings(input: z.infer<typeof controlInputs.saveLogSettings>): Promise<Result<SiteFileState>>;
  rollback(input: z.infer<typeof controlInputs.rollback>): Promise<Result<SiteFileState>>;
  previewCommand(server: ServerConfig): Promise<Result<CommandPreview>>;
  engineCandidates(): Promise<readonly EngineCandidate[]>;

  startProcess(name: string): Promise<Result<ProcessStatus>>;
  stopProcess(name: string): Promise<Result<ProcessStatus>>;
  restartProcess(name: string): Promise<Result<ProcessStatus>>;
  /** Stops every supervised process, then ends the service. */
  stopEverything(): Promise<Result<{ readonly stopped: readonly string[] }>>;
  runs(name: string): Promise<Result<readonly RunRecord[]>>;
  readLog(input: z.infer<typeof controlInputs.readLog>): Promise<Result<LogChunk>>;
  searchLog(input: z.infer<typeof controlInputs.searchLog>): Promise<Result<readonly LogMatch[]>>;
  events(limit: number): Promise<readonly SiteEvent[]>;

  features(): Promise<readonly FeatureStatus[]>;
  setFeature(input: z.infer<typeof controlInputs.setFeature>): Promise<Result<FeatureStatus>>;
  models(): Promise<readonly ModelInfo[]>;

  keys(): Promise<readonly KeyInfo[]>;
  addKey(name: string, rules?: KeyRules): Promise<Result<{ readonly name: string; readonly key: string }>>;
  revokeKey(name: string): Promise<Result<KeyInfo>>;
  secrets(): Promise<readonly SecretInfo[]>;
  setSecret(name: string, value: string): Promise<Result<SecretInfo>>;
  removeSecret(name: string): Promise<Result<{ readonly name: string }>>;

  requests(query: RequestPageQuery): Promise<Result<RequestPage>>;
  request(id: number): Promise<Result<RequestDetail>>;
  requestFacets(filter: RequestFilter): Promise<Result<RequestFacets>>;
  /** Numbers of everything that matches a filter: over time, in all, and by value. */
  requestHistogram(query: RequestHistogramQuery): Promise<Result<RequestHistogram>>;
  requestTotals(filter: RequestFilter): Promise<Result<RequestTotals>>;
  requestFacetCounts(filter: RequestFilter): Promise<Result<RequestFacetCounts>>;
  /** What of the rows of a page a search has found. */
  requestHighlights(query: RequestHighlightsQuery): Promise<Result<readonly RequestHighlight[]>>;
  traffic(windowMs: number): Promise<Result<TrafficStats>>;

  /** Subscriptions: call `emit` now and on every change until the signal aborts. */
  followStatus(emit: (status: SiteStatus) => void, signal: AbortSignal): void;
  /** Emits the newest id whenever rows were committed or closed. */
  followRequests(emit: (change: { readonly newestId: number }) => void, signal: AbortSignal): void;
  followEvents(emit: (event: SiteEvent) => void, signal: AbortSignal): void;
  /** Emits whole lines as they are written, starting at the offset; moves on to the next run by itself. */
  followLog(
    input: { readonly name: string; readonly run: number | null; readonly fromOffset: number },
    emit: (chunk: LogChunk) => void,
    signal: AbortSignal,
  ): void;
}
