import type { SiteFileState, SiteProblem } from '../../../electron/contract/site-status.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import classes from './overview.module.css';

/** Says why the site file on disk is not in force, with lines. Nothing when it is. */
export function SiteFileBanner({ file }: { readonly file: SiteFileState }) {
  if (file.problems === null || file.problems.length === 0) return null;
  return (
    <ErrorNotice
      error={{
        message: 'The site file on disk is not in force: it has errors.',
        action: `The last valid version (revision ${file.revision}) stays in force until ${file.path} is corrected.`,
      }}
      more={
        <ul className={classes.problemLines}>
          {file.problems.map((problem, index) => (
            <li key={index}>{describeProblem(problem)}</li>
          ))}
        </ul>
      }
    />
  );
}

function describeProblem({ line, path, reason }: SiteProblem): string {
  const place = [line === null ? null : `Line ${line}`, path === '' ? null : path].filter((part) => part !== null);
  return place.length === 0 ? reason : `${place.join(', ')}: ${reason}`;
}
