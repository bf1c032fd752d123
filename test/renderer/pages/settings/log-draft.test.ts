import { describe, expect, it } from 'vitest';
import { gatewayLogSchema } from '../../../../electron/contract/site-schema.ts';
import { checkLogDraft, draftFromLog } from '../../../../renderer/pages/settings/log-draft.ts';

const log = gatewayLogSchema.parse({});
const draft = draftFromLog(log);

describe('checkLogDraft', () => {
  it('comes back as it was when nothing is changed', () => {
    const { bodies, durability, retain } = log;
    expect(checkLogDraft(draft)).toEqual({ log: { bodies, durability, retain }, problems: {} });
  });

  it('names each field that is no number or out of range', () => {
    const { log: checked, problems } = checkLogDraft({ ...draft, days: '', gib: '-1', bodiesDays: 'many' });
    expect(checked).toBeNull();
    expect(Object.keys(problems).toSorted()).toEqual(['bodiesDays', 'days', 'gib']);
    expect(checkLogDraft({ ...draft, days: '40000' }).problems.days).toBeDefined();
  });

  it('does not let bodies outlive their rows', () => {
    expect(checkLogDraft({ ...draft, days: '7', bodiesDays: '8' }).problems.bodiesDays).toBeDefined();
    expect(checkLogDraft({ ...draft, days: '7.5', bodiesDays: '7.5' }).log?.retain.days).toBe(7.5);
  });
});
