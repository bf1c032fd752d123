import type { HighlightSnippet, RequestHighlight, RequestHighlightsQuery } from '../contract/request-analysis.ts';
import type { Deadline } from './deadline.ts';
import { markWords, snippetOf } from './mark-words.ts';
import { readTexts } from './get-request.ts';
import type { ReaderPartitions } from './reader-partitions.ts';
import { dayOfRow, numberOfRow } from './row-id.ts';
import { readSearch, wantedTerms } from './search-words.ts';

/** Snippets for the rows of a page. Throws DeadlinePassed and SQLite's errors. */
export function readHighlights(
  partitions: ReaderPartitions,
  query: RequestHighlightsQuery,
  deadline: Deadline,
): readonly RequestHighlight[] {
  const terms = wantedTerms(readSearch(query.search));
  if (terms.length === 0) return [];
  const places = (['prompt', 'answer'] as const).filter(
    (place) => (query.searchIn ?? 'both') === 'both' || query.searchIn === place,
  );
  return query.ids.flatMap((id) => {
    deadline.check();
    const texts = partitions.read(
      dayOfRow(id),
      (partition) => readTexts(partition, numberOfRow(id)),
      () => undefined,
    );
    if (texts == null) return [];
    const snippets = places.flatMap((where): readonly HighlightSnippet[] => {
      const marks = markWords(texts[where], terms);
      return marks.length === 0 ? [] : [{ where, ...snippetOf(texts[where], marks) }];
    });
    return snippets.length === 0 ? [] : [{ id, snippets }];
  });
}
