import { initTRPC } from '@trpc/server';
import { z } from 'zod';
import type { ControlOperations, LogChunk } from '../../contract/control-api.ts';
import { anyProcessNameSchema, controlInputs as inputs } from '../../contract/control-api.ts';
import { requestHighlightsSchema, requestHistogramSchema } from '../../contract/request-analysis.ts';
import { requestFilterSchema, requestPageSchema } from '../../contract/request-row.ts';
import type { SiteEvent, SiteStatus } from '../../contract/site-status.ts';
import { followAsIterable } from './follow-as-iterable.ts';

const t = initTRPC.context<{ readonly operations: ControlOperations }>().create({
  // Never a stack on the wire, whatever the environment says.
  isDev: false,
  errorFormatter({ shape, error }) {
    if (error.cause instanceof z.ZodError) {
      return { ...shape, message: `The input is not valid: ${z.prettifyError(error.cause)}` };
    }
    // Anything else thrown is a bug; its words are for the service's own log.
    return error.code === 'INTERNAL_SERVER_ERROR'
      ? { ...shape, message: 'The operation failed inside Outpost.' }
      : shape;
  },
});
const { procedure } = t;

/**
 * The control API: every input is validated here, every decision is made in the operations. Operations that can be
 * refused answer with a `Result`; a thrown error is a bug or an invalid input.
 */
export const controlRouter = t.router({
  status: procedure.query(({ ctx }) => ctx.operations.status()),
  followStatus: procedure.subscription(({ ctx, signal }) =>
    followAsIterable<SiteStatus>((emit, end) => ctx.operations.followStatus(emit, end), signal),
  ),
  events: procedure.input(inputs.events).query(({ ctx, input }) => ctx.operations.events(input.limit)),
  followEvents: procedure.subscription(({ ctx, signal }) =>
    followAsIterable<SiteEvent>((emit, end) => ctx.operations.followEvents(emit, end), signal),
  ),

  site: t.router({
    get: procedure.query(({ ctx }) => ctx.operations.site()),
    history: procedure.query(({ ctx }) => ctx.operations.siteHistory()),
    start: procedure.input(inputs.startSite).mutation(({ ctx, input }) => ctx.operations.startSite(input)),
    validate: procedure
      .input(z.strictObject({ text: z.string().max(1_000_000) }))
      .query(({ ctx, input }) => ctx.operations.validateSiteText(input.text)),
    saveText: procedure.input(inputs.saveSiteText).mutation(({ ctx, input }) => ctx.operations.saveSiteText(input)),
    saveServer: procedure.input(inputs.saveServer).mutation(({ ctx, input }) => ctx.operations.saveServer(input)),
    removeServer: procedure.input(inputs.removeServer).mutation(({ ctx, input }) => ctx.operations.removeServer(input)),
    saveLogSettings: procedure
      .input(inputs.saveLogSettings)
      .mutation(({ ctx, input }) => ctx.operations.saveLogSettings(input)),
    rollback: procedure.input(inputs.rollback).mutation(({ ctx, input }) => ctx.operations.rollback(input)),
    previewCommand: procedure
      .input(inputs.serverDraft)
      .query(({ ctx, input }) => ctx.operations.previewCommand(input.server)),
    engineCandidates: procedure.query(({ ctx }) => ctx.operations.engineCandidates()),
  }),

  processes: t.router({
    start: procedure.input(inputs.processName).mutation(({ ctx, input }) => ctx.operations.startProcess(input.name)),
    stop: procedure.input(inputs.processName).mutation(({ ctx, input }) => ctx.operations.stopProcess(input.name)),
    restart: procedure
      .input(inputs.processName)
      .mutation(({ ctx, input }) => ctx.operations.restartProcess(input.name)),
    stopEverything: procedure.mutation(({ ctx }) => ctx.operations.stopEverything()),
    runs: procedure.input(inputs.processName).query(({ ctx, input }) => ctx.operations.runs(input.name)),
    readLog: procedure.input(inputs.readLog).query(({ ctx, input }) => ctx.operations.readLog(input)),
    searchLog: procedure.input(inputs.searchLog).query(({ ctx, input }) => ctx.operations.searchLog(input)),
    followLog: procedure
      .input(
        z.strictObject({
          name: anyProcessNameSchema,
          run: z.int().positive().nullable(),
          fromOffset: z.int().min(0),
        }),
      )
      .subscription(({ ctx, input, signal }) =>
        followAsIterable<LogChunk>((emit, end) => ctx.operations.followLog(input, emit, end), signal),
      ),
  }),

  features: t.router({
    list: procedure.query(({ ctx }) => ctx.operations.features()),
    set: procedure.input(inputs.setFeature).mutation(({ ctx, input }) => ctx.operations.setFeature(input)),
  }),
  models: procedure.query(({ ctx }) => ctx.operations.models()),

  keys: t.router({
    list: procedure.query(({ ctx }) => ctx.operations.keys()),
    add: procedure.input(inputs.addKey).mutation(({ ctx, input }) => ctx.operations.addKey(input.name, input.rules)),
    revoke: procedure.input(inputs.keyName).mutation(({ ctx, input }) => ctx.operations.revokeKey(input.name)),
  }),
  secrets: t.router({
    list: procedure.query(({ ctx }) => ctx.operations.secrets()),
    set: procedure
      .input(inputs.setSecret)
      .mutation(({ ctx, input }) => ctx.operations.setSecret(input.name, input.value)),
    remove: procedure.input(inputs.secretName).mutation(({ ctx, input }) => ctx.operations.removeSecret(input.name)),
  }),

  requests: t.router({
    list: procedure.input(requestPageSchema).query(({ ctx, input }) => ctx.operations.requests(input)),
    get: procedure.input(inputs.requestId).query(({ ctx, input }) => ctx.operations.request(input.id)),
    facets: procedure.input(requestFilterSchema).query(({ ctx, input }) => ctx.operations.requestFacets(input)),
    histogram: procedure
      .input(requestHistogramSchema)
      .query(({ ctx, input }) => ctx.operations.requestHistogram(input)),
    totals: procedure.input(requestFilterSchema).query(({ ctx, input }) => ctx.operations.requestTotals(input)),
    facetCounts: procedure
      .input(requestFilterSchema)
      .query(({ ctx, input }) => ctx.operations.requestFacetCounts(input)),
    highlights: procedure
      .input(requestHighlightsSchema)
      .query(({ ctx, input }) => ctx.operations.requestHighlights(input)),
    traffic: procedure.input(inputs.stats).query(({ ctx, input }) => ctx.operations.traffic(input.windowMs)),
    follow: procedure.subscription(({ ctx, signal }) =>
      followAsIterable<{ readonly newestId: number }>((emit, end) => ctx.operations.followRequests(emit, end), signal),
    ),
  }),
});

/** The type that the window and the CLI build their clients from. */
export type ControlRouter = typeof controlRouter;
