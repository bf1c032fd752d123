import { describe, expect, it } from 'vitest';
import {
  emptyQuery,
  filterFromQuery,
  isFiltered,
  queryFromSearch,
  searchFromQuery,
} from '../../../renderer/stores/request-query.ts';

describe('the filter in the address', () => {
  const query = {
    ...emptyQuery,
    search: '"sky blue" & more',
    model: 'org/model:7b',
    key: 'old ci',
    state: 'error',
    status: '502',
    since: '1h',
    until: '2026-11-24T15:00',
  } as const;

  it('comes back from the address as it went in', () => {
    expect(queryFromSearch(searchFromQuery(query))).toEqual(query);
    expect(searchFromQuery(emptyQuery)).toBe('');
    expect(queryFromSearch('')).toEqual(emptyQuery);
  });

  it('leaves out what makes no sense', () => {
    expect(queryFromSearch('state=nonsense&status=abc&since=yesterday&until=never&other=1')).toEqual(emptyQuery);
  });

  it('becomes what the service is asked', () => {
    expect(filterFromQuery({ ...query, until: '' }, 10_000_000)).toEqual({
      search: '"sky blue" & more',
      model: 'org/model:7b',
      key: 'old ci',
      state: 'error',
      httpStatus: 502,
      sinceMs: 10_000_000 - 3_600_000,
    });
    expect(filterFromQuery({ ...emptyQuery, since: '2026-11-24T15:00' }, 0)).toEqual({
      sinceMs: new Date(2026, 10, 24, 15, 0).getTime(),
    });
    expect(filterFromQuery({ ...emptyQuery, search: '  ' }, 0)).toEqual({});
  });

  it('knows whether anything is filtered', () => {
    expect(isFiltered(emptyQuery)).toBe(false);
    expect(isFiltered({ ...emptyQuery, key: 'a' })).toBe(true);
  });
});
