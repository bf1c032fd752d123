/** A filter under a name; `search` is the part of the address after "?", so that every view is a link. */
export interface SavedView {
  readonly name: string;
  readonly search: string;
}

export const MOST_VIEWS = 50;
export const LONGEST_NAME = 60;

/** Adds a view, in the place of one with the same name; sorted by name. */
export function saveView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  const name = view.name.trim().slice(0, LONGEST_NAME);
  if (name === '') return views;
  const others = views.filter((one) => one.name !== name);
  if (others.length >= MOST_VIEWS) return views;
  return [...others, { name, search: view.search }].toSorted((a, b) => a.name.localeCompare(b.name));
}

export function removeView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((one) => one.name !== name);
}

/** Reads what was kept; what is no view is left out. */
export function readViews(value: unknown): readonly SavedView[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const { name, search } = (one ?? {}) as Partial<SavedView>;
    return typeof name === 'string' && typeof search === 'string' ? [{ name, search }] : [];
  });
}
