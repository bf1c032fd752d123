import { z } from 'zod';
import { durationSchema } from './duration.ts';
import { featureNameSchema, modelNameSchema, processNameSchema, secretNameSchema } from './names.ts';

/** Engines whose process Outpost starts itself. */
export const engineNames = ['vllm', 'simulated', 'command'] as const;
export type EngineName = (typeof engineNames)[number];

export const listenSchema = z
  .string()
  .regex(/^(\[[0-9A-Fa-f:.]+\]|[^\s:/]+):\d{1,5}$/, 'use HOST:PORT, such as 127.0.0.1:8080 (port 0 picks a free one)')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65_535, 'the port must be at most 65535');

const environmentValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.strictObject({ secret: secretNameSchema.describe('the name of a value set with "outpost secrets set"') }),
]);
export type EnvironmentValue = z.infer<typeof environmentValueSchema>;

export const environmentSchema = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'use letters, digits and "_" in the name of an environment variable'),
  environmentValueSchema,
);

const argumentValueSchema = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string(), z.number()])),
  z.record(z.string(), z.json()),
]);
/** A command-line value: true is a bare flag, false a "--no-" flag, a list a flag with several values, a map JSON. */
export type ArgumentValue = z.infer<typeof argumentValueSchema>;

export const runtimeSchema = z.strictObject({
  kind: z.literal('native').default('native'),
  command: z.string().min(1).describe('path of the executable, or its name on the PATH').optional(),
  args: z.array(z.string()).describe('arguments placed before those that Outpost adds').optional(),
  cwd: z.string().min(1).describe('working folder').optional(),
});

const portSchema = z.int().min(0).max(65_535).describe('0 or absent: a free port, picked once and kept');
const readyPathSchema = z.string().regex(/^\/[^\s]*$/, 'use a URL path such as /health');

export const serverSchema = z
  .strictObject({
    name: processNameSchema.describe('name of this model server'),
    engine: z.enum(engineNames).describe('kind of software that serves the model'),
    weights: z.string().min(1).describe('folder with the files of the model').optional(),
    serves: z.array(modelNameSchema).min(1).describe('served model names, the first is the main one'),
    port: portSchema.optional(),
    gpus: z.array(z.int().min(0).max(255)).describe('GPU indices as nvidia-smi counts them').optional(),
    args: z
      .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/), argumentValueSchema)
      .describe('engine flags without "--"')
      .optional(),
    env: environmentSchema.optional(),
    runtime: runtimeSchema.optional(),
    ready: readyPathSchema.describe('URL path that answers 200 when ready (engine command)').optional(),
    ready_timeout: durationSchema.describe('how long a start may take before it counts as failed').optional(),
    start: z.enum(['always', 'manual']).default('always'),
    fallback: modelNameSchema.describe('model to try when no server of this one answers').optional(),
  })
  .superRefine((server, context) => {
    if (server.engine === 'vllm' && server.weights === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['weights'],
        message: 'engine vllm needs "weights", the absolute folder of the model files',
      });
    }
    if (server.engine === 'command' && server.runtime?.command === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['runtime'],
        message: 'engine command needs "runtime: { command: … }"',
      });
    }
  });
export type ServerConfig = z.infer<typeof serverSchema>;

export const processSchema = z.strictObject({
  name: processNameSchema,
  kind: z.literal('command').default('command'),
  runtime: runtimeSchema.extend({ command: z.string().min(1) }),
  port: portSchema.optional(),
  env: environmentSchema.optional(),
  ready: readyPathSchema.optional(),
  ready_timeout: durationSchema.optional(),
  start: z.enum(['always', 'manual']).default('always'),
});
export type ProcessConfig = z.infer<typeof processSchema>;

export const retainSchema = z.strictObject({
  days: z.number().positive().max(36_500).default(90).describe('rows are kept this many days'),
  gib: z.number().positive().default(50).describe('the request log may take this many GiB on disk'),
  bodies_days: z.number().positive().max(36_500).default(30).describe('bodies are kept this many days'),
});
export type RetainConfig = z.infer<typeof retainSchema>;

export const redactRuleSchema = z.strictObject({
  name: z.string().min(1).max(64),
  pattern: z
    .string()
    .min(1)
    .max(2000)
    .refine((pattern) => isRegularExpression(pattern), 'is not a valid regular expression'),
  replacement: z.string().max(200).default('[redacted]'),
});

export const gatewayLogSchema = z.strictObject({
  bodies: z.enum(['full', 'none']).default('full'),
  durability: z.enum(['strict', 'power-safe', 'relaxed']).default('strict'),
  retain: retainSchema.prefault({}),
  redact: z.array(redactRuleSchema).default([]),
});
export type GatewayLogConfig = z.infer<typeof gatewayLogSchema>;

export const gatewaySchema = z.strictObject({
  listen: z.array(listenSchema).min(1).default(['127.0.0.1:8080']).describe('addresses the gateway answers on'),
  keys: z.enum(['required', 'optional']).default('required').describe('whether clients need a gateway API key'),
  log: gatewayLogSchema.prefault({}),
});

export const controlSchema = z.strictObject({
  listen: listenSchema.default('127.0.0.1:0').describe('address of the control API and the browser pages'),
});

/** One feature setting: a model, or the word "disabled". Absent means unassigned. */
export const featureSettingSchema = z.union([z.strictObject({ model: modelNameSchema }), z.literal('disabled')]);
export type FeatureSetting = z.infer<typeof featureSettingSchema>;

export const siteSchema = z
  .strictObject({
    version: z.literal(1),
    site: z.strictObject({ name: z.string().min(1).max(100) }),
    control: controlSchema.prefault({}),
    gateway: gatewaySchema.prefault({}),
    gitlab: z.strictObject({ version: z.string().regex(/^\d+\.\d+$/, 'use a version such as 18.9') }).optional(),
    servers: z.array(serverSchema).default([]),
    processes: z.array(processSchema).default([]),
    features: z.record(featureNameSchema, featureSettingSchema).default({}),
  })
  .superRefine((site, context) => {
    const seen = new Set<string>();
    for (const list of ['servers', 'processes'] as const) {
      site[list].forEach((entry, index) => {
        if (seen.has(entry.name)) {
          context.addIssue({
            code: 'custom',
            path: [list, index, 'name'],
            message: `the name "${entry.name}" is used twice`,
          });
        }
        seen.add(entry.name);
      });
    }
    const models = new Set(site.servers.flatMap((server) => server.serves));
    for (const [feature, setting] of Object.entries(site.features)) {
      if (setting !== 'disabled' && !models.has(setting.model)) {
        context.addIssue({
          code: 'custom',
          path: ['features', feature, 'model'],
          message: `no server serves the model "${setting.model}"`,
        });
      }
    }
    site.servers.forEach((server, index) => {
      if (server.fallback !== undefined && !models.has(server.fallback)) {
        context.addIssue({
          code: 'custom',
          path: ['servers', index, 'fallback'],
          message: `no server serves the model "${server.fallback}"`,
        });
      }
    });
    const ports = new Map<number, string>();
    for (const entry of [...site.servers, ...site.processes]) {
      if (!entry.port) continue;
      const other = ports.get(entry.port);
      if (other !== undefined) {
        context.addIssue({
          code: 'custom',
          path: ['servers'],
          message: `port ${entry.port} is used by both "${other}" and "${entry.name}"`,
        });
      }
      ports.set(entry.port, entry.name);
    }
  });

/** The site as configured, with defaults filled in. */
export type Site = z.infer<typeof siteSchema>;

function isRegularExpression(pattern: string): boolean {
  try {
    new RegExp(pattern);
    return true;
  } catch {
    // The constructor's only way to say no; the caller reports it with the line.
    return false;
  }
}
