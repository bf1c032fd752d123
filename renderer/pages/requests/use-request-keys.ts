import { useEffect, useRef } from 'react';
import { isTyping } from '../../components/is-typing.ts';

export interface RequestKeys {
  /** One row down is 1, up is -1. */
  readonly onStep: (steps: number) => void;
  readonly onEnter: () => void;
  readonly onEscape: () => void;
  readonly onSearch: () => void;
  readonly onExport: () => void;
  readonly onPause: () => void;
}

const steps: Readonly<Record<string, number>> = { j: 1, k: -1 };
/** Keys that scroll elsewhere on the page and move only inside the table. */
const tableSteps: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 15,
  PageUp: -15,
  Home: Number.NEGATIVE_INFINITY,
};

/** The keys of the request log: j and k or arrows move, Enter opens, Esc closes, / goes to the search, e exports, p pauses. */
export function useRequestKeys(keys: RequestKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      if (act(event, latest.current)) event.preventDefault();
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

function act(event: KeyboardEvent, keys: RequestKeys): boolean {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const atTable = target.matches('[data-request-grid], body, main');
  const step = steps[event.key] ?? (atTable ? tableSteps[event.key] : undefined);
  if (step !== undefined) {
    keys.onStep(step);
    return true;
  }
  switch (event.key) {
    case 'Enter':
      if (atTable) keys.onEnter();
      return atTable;
    case 'Escape':
      keys.onEscape();
      return false;
    case '/':
      keys.onSearch();
      return true;
    case 'e':
      keys.onExport();
      return true;
    case 'p':
      keys.onPause();
      return true;
    default:
      return false;
  }
}
