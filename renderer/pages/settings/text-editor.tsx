import { useRef } from 'react';
import type { RefObject } from 'react';
import classes from './settings.module.css';

export interface TextEditorProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
  /** Numbers of the lines to mark, from 1. */
  readonly marked: ReadonlySet<number>;
  readonly fieldRef: RefObject<HTMLTextAreaElement | null>;
}

/** A field for a file, with line numbers. Tab leaves it, so that the keyboard is not caught in it. */
export function TextEditor({ value, onChange, label, marked, fieldRef }: TextEditorProps) {
  const gutter = useRef<HTMLDivElement>(null);
  const lines = value.split('\n').length;
  return (
    <div className={classes.editor}>
      <div className={classes.gutter} ref={gutter} aria-hidden="true">
        {Array.from({ length: lines }, (_, index) => (
          <div key={index} data-marked={marked.has(index + 1)}>
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={fieldRef}
        className={classes.text}
        aria-label={label}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        wrap="off"
        rows={Math.min(22, Math.max(12, lines + 1))}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (gutter.current) gutter.current.scrollTop = currentTarget.scrollTop;
        }}
      />
    </div>
  );
}

/** Puts the cursor at the beginning of a line and shows it. */
export function goToLine(field: HTMLTextAreaElement, line: number): void {
  const before = field.value.split('\n').slice(0, line - 1);
  const start = before.reduce((sum, text) => sum + text.length + 1, 0);
  const end = field.value.indexOf('\n', start);
  field.focus();
  field.setSelectionRange(start, end === -1 ? field.value.length : end);
  field.scrollTop = (field.scrollHeight / Math.max(1, field.value.split('\n').length)) * Math.max(0, line - 5);
}
