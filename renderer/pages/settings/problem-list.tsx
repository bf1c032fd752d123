import { Anchor } from '@mantine/core';
import type { SiteProblem } from '../../../electron/contract/site-status.ts';
import classes from './settings.module.css';

export interface ProblemListProps {
  readonly problems: readonly SiteProblem[];
  readonly onGoTo: (line: number) => void;
}

/** Each reason with its line, which is a way to that line. */
export function ProblemList({ problems, onGoTo }: ProblemListProps) {
  if (problems.length === 0) return null;
  return (
    <ul className={classes.problems} aria-label="Mistakes in the site file">
      {problems.map(({ line, path, reason }, index) => (
        <li key={index}>
          {line !== null && (
            <Anchor component="button" type="button" underline="always" fz="sm" onClick={() => onGoTo(line)}>
              Line {line}
            </Anchor>
          )}
          <span>
            {path !== '' && <code>{path}</code>} {reason}
          </span>
        </li>
      ))}
    </ul>
  );
}
