import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { ProcessStatus } from '../../../electron/contract/site-status.ts';
import { restartProcessAction } from '../../actions/restart-process.ts';
import { startProcessAction } from '../../actions/start-process.ts';
import { ActionButton } from '../../components/action-button.tsx';
import { ProcessStateBadge } from '../../components/state-badge.tsx';
import { RelativeTime } from '../../components/time-text.tsx';
import { actualStateTone } from '../../stores/state-words.ts';
import { explainProblem, findProblems } from './find-problems.ts';
import classes from './overview.module.css';

/** What does not run as it should, why, and the buttons that fit. Nothing when all is well. */
export function ProblemCards({ processes }: { readonly processes: readonly ProcessStatus[] }) {
  const problems = findProblems(processes);
  if (problems.length === 0) return null;
  return (
    <section aria-labelledby="problems-heading">
      <h2 id="problems-heading" className={classes.heading}>
        Needs attention
      </h2>
      <ul className={classes.problems}>
        {problems.map((process) => (
          <li key={process.name} className={classes.problem} data-tone={actualStateTone(process.actual)}>
            <div className={classes.problemHead}>
              <Link href={`/servers/${process.name}`} className={classes.problemName ?? ''}>
                {process.name}
              </Link>
              <ProcessStateBadge state={process.actual} />
              {process.restart_needed && <span className={classes.muted}>Restart needed</span>}
            </div>
            <p className={classes.problemText}>{explainProblem(process)}</p>
            {process.next_attempt_at && (
              <p className={classes.muted}>
                Next attempt <RelativeTime time={process.next_attempt_at} />; {process.restarts}{' '}
                {process.restarts === 1 ? 'restart' : 'restarts'} so far
              </p>
            )}
            <div className={classes.problemActions}>
              {startProcessAction.allowed(process).allowed ? (
                <ActionButton
                  action={startProcessAction}
                  subject={process}
                  subjectName={process.name}
                  variant="filled"
                />
              ) : (
                <ActionButton
                  action={restartProcessAction}
                  subject={process}
                  subjectName={process.name}
                  variant="filled"
                />
              )}
              <Button
                component={Link}
                href={`/servers/${process.name}/log`}
                size="xs"
                variant="default"
                aria-label={`View log of ${process.name}`}
              >
                View log
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
