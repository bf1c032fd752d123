import { gatewayLogSchema } from '../../../electron/contract/site-schema.ts';
import type { GatewayLogConfig } from '../../../electron/contract/site-schema.ts';

/** The settings of the request log as they are typed. */
export interface LogDraft {
  readonly bodies: GatewayLogConfig['bodies'];
  readonly durability: GatewayLogConfig['durability'];
  readonly days: string;
  readonly gib: string;
  readonly bodiesDays: string;
}

export type LogDraftField = keyof LogDraft;

const retainFields = { days: 'days', gib: 'gib', bodies_days: 'bodiesDays' } as const;

export function draftFromLog({ bodies, durability, retain }: GatewayLogConfig): LogDraft {
  return {
    bodies,
    durability,
    days: String(retain.days),
    gib: String(retain.gib),
    bodiesDays: String(retain.bodies_days),
  };
}

export interface CheckedLogDraft {
  /** What to save, or null while something is wrong. */
  readonly log: Pick<GatewayLogConfig, 'bodies' | 'durability' | 'retain'> | null;
  readonly problems: Partial<Readonly<Record<LogDraftField, string>>>;
}

/** Checks what was typed against the schema of the site file. */
export function checkLogDraft(draft: LogDraft): CheckedLogDraft {
  const result = gatewayLogSchema.safeParse({
    bodies: draft.bodies,
    durability: draft.durability,
    retain: { days: toNumber(draft.days), gib: toNumber(draft.gib), bodies_days: toNumber(draft.bodiesDays) },
  });
  const problems: Partial<Record<LogDraftField, string>> = {};
  for (const issue of result.error?.issues ?? []) {
    const field = retainFields[issue.path.at(-1) as keyof typeof retainFields];
    const limit =
      field === 'gib' ? 'Use a number greater than 0.' : 'Use a number of days, from more than 0 to 36,500.';
    if (field) problems[field] = limit;
  }
  if (!result.success) return { log: null, problems };
  const { bodies, durability, retain } = result.data;
  if (retain.bodies_days > retain.days) {
    return { log: null, problems: { bodiesDays: 'Bodies cannot be kept longer than the rows they belong to.' } };
  }
  return { log: { bodies, durability, retain }, problems };
}

/** NaN for what is no number, which the schema refuses. */
function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
