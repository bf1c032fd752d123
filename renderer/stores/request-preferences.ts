import { create } from 'zustand';
import { moveColumn, readColumnChoice, reconcileColumns, toggleColumn } from './column-choice.ts';
import type { ColumnChoice } from './column-choice.ts';
import { parseJson } from './read-json.ts';
import { readViews, removeView, saveView } from './saved-views.ts';
import type { SavedView } from './saved-views.ts';

interface PreferenceStore {
  /** Null for the columns that are there by default, as many as have room. */
  readonly columns: ColumnChoice | null;
  readonly views: readonly SavedView[];
}

const COLUMNS_KEY = 'outpost.requests.columns';
const VIEWS_KEY = 'outpost.requests.views';

export const useRequestPreferences = create<PreferenceStore>()(() => ({ columns: null, views: [] }));

export const selectColumnChoice = (store: PreferenceStore) => store.columns;
export const selectViews = (store: PreferenceStore) => store.views;

/** Takes up what this browser has kept. */
export function restoreRequestPreferences(): void {
  useRequestPreferences.setState({
    columns: readColumnChoice(read(COLUMNS_KEY)),
    views: readViews(read(VIEWS_KEY)),
  });
}

export function toggleRequestColumn(defaults: ColumnChoice, id: string): void {
  keepColumns(toggleColumn(current(defaults), id));
}

export function moveRequestColumn(defaults: ColumnChoice, id: string, places: number): void {
  keepColumns(moveColumn(current(defaults), id, places));
}

/** Goes back to the columns that are there by default. */
export function resetRequestColumns(): void {
  keepColumns(null);
}

export function keepView(view: SavedView): void {
  keepViews(saveView(useRequestPreferences.getState().views, view));
}

export function forgetView(name: string): void {
  keepViews(removeView(useRequestPreferences.getState().views, name));
}

function current(defaults: ColumnChoice): ColumnChoice {
  return reconcileColumns(useRequestPreferences.getState().columns, defaults);
}

function keepColumns(columns: ColumnChoice | null): void {
  useRequestPreferences.setState({ columns });
  write(COLUMNS_KEY, columns);
}

function keepViews(views: readonly SavedView[]): void {
  useRequestPreferences.setState({ views });
  write(VIEWS_KEY, views);
}

function read(key: string): unknown {
  try {
    return parseJson(localStorage.getItem(key) ?? '');
  } catch {
    // A browser that keeps nothing for pages works as well, with the defaults.
    return undefined;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // What cannot be kept still holds until the page is closed.
  }
}
