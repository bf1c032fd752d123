import { CopyButton } from './copy-button.tsx';
import classes from './code-block.module.css';

export interface CodeBlockProps {
  readonly code: string;
  /** What it is, such as "command"; names the region and the copy button. */
  readonly what: string;
  /** Height in pixels above which it scrolls. */
  readonly maxHeight?: number;
}

export function CodeBlock({ code, what, maxHeight }: CodeBlockProps) {
  return (
    <div className={classes.frame}>
      <pre
        className={classes.code}
        tabIndex={0}
        role="region"
        aria-label={what}
        {...(maxHeight === undefined ? {} : { style: { maxHeight } })}
      >
        {code}
      </pre>
      <div className={classes.copy}>
        <CopyButton text={code} what={what} />
      </div>
    </div>
  );
}
