import { describe, expect, it } from 'vitest';
import { exportCommand } from '../../../../renderer/pages/requests/export-command.ts';
import { emptyQuery } from '../../../../renderer/stores/request-query.ts';

describe('exportCommand', () => {
  it('filters as the page does, safe for a shell', () => {
    const query = { ...emptyQuery, since: '1h', model: "it's", status: '502', search: '"blue sky"' };
    expect(exportCommand(query, 'csv')).toBe(
      `outpost requests export --format csv --since '1h' --model 'it'\\''s' --http-status '502' --search '"blue sky"' --out requests.csv`,
    );
    expect(exportCommand(emptyQuery, 'jsonl')).toBe('outpost requests export --format jsonl --out requests.jsonl');
  });
});
