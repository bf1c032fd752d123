import classes from './settings.module.css';

/** A unified difference; added and removed lines have their sign besides the colour. */
export function DiffView({ diff, what }: { readonly diff: string; readonly what: string }) {
  return (
    <pre className={classes.diff} tabIndex={0} role="region" aria-label={what}>
      {diff
        .replace(/\n$/, '')
        .split('\n')
        .map((line, index) => (
          <div key={index} data-kind={lineKind(line)}>
            {line === '' ? ' ' : line}
          </div>
        ))}
    </pre>
  );
}

function lineKind(line: string): 'added' | 'removed' | 'place' | 'same' {
  if (/^(\+\+\+|---|@@|Index:|=====|\\ )/.test(line)) return 'place';
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
