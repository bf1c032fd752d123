import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './code-block.module.css';

export interface CodeBlockProps {
  readonly code: string;
  /** What is copied, when `code` is a part of it. */
  readonly whole?: string;
  /** Drawn in place of the code, such as the code with marks in it. */
  readonly children?: ReactNode;
  /** What it is, such as "command"; names the region and the copy button. */
  readonly what: string;
  /** Height in pixels above which it scrolls. */
  readonly maxHeight?: number;
}

export function CodeBlock({ code, whole = code, children = code, what, maxHeight }: CodeBlockProps) {
  return (
    <div className={classes.frame}>
      <pre
        className={classes.code}
        tabIndex={0}
        role="region"
        aria-label={what}
        {...(maxHeight === undefined ? {} : { style: { maxHeight } })}
      >
        {children}
      </pre>
      <div className={classes.copy}>
        <CopyButton text={whole} what={what} />
      </div>
    </div>
  );
}
