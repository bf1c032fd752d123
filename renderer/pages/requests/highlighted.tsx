import { createContext, use } from 'react';
import { markMatches } from './search-marks.ts';
import classes from './requests.module.css';

/** What the list is searched for, so that it can be marked wherever text of a request is shown; null for nothing. */
export const SearchPattern = createContext<RegExp | null>(null);

/** A text with what the search found marked in it. */
export function Highlighted({ text }: { readonly text: string }) {
  const pattern = use(SearchPattern);
  if (!pattern) return <>{text}</>;
  return (
    <>
      {markMatches(text, pattern).map((piece, index) =>
        piece.found ? (
          <mark key={index} className={classes.mark}>
            {piece.text}
          </mark>
        ) : (
          piece.text
        ),
      )}
    </>
  );
}
