/** Which columns of the request table are shown, in which order. */
export interface ColumnChoice {
  /** Ids of all columns, shown or not, in their order. */
  readonly order: readonly string[];
  readonly hidden: readonly string[];
}

/** A choice that was kept, for the columns that exist now: unknown ones leave, new ones come to the end, hidden or not as by default. */
export function reconcileColumns(kept: ColumnChoice | null, defaults: ColumnChoice): ColumnChoice {
  if (!kept) return defaults;
  const order = kept.order.filter((id, index) => defaults.order.includes(id) && kept.order.indexOf(id) === index);
  const added = defaults.order.filter((id) => !order.includes(id));
  const hidden = [
    ...kept.hidden.filter((id) => order.includes(id)),
    ...added.filter((id) => defaults.hidden.includes(id)),
  ];
  // A table without columns could not be operated.
  return hidden.length >= defaults.order.length ? defaults : { order: [...order, ...added], hidden };
}

/** Shows or hides a column; the last one that is shown stays. */
export function toggleColumn(choice: ColumnChoice, id: string): ColumnChoice {
  if (choice.hidden.includes(id)) return { ...choice, hidden: choice.hidden.filter((one) => one !== id) };
  if (choice.hidden.length + 1 >= choice.order.length) return choice;
  return { ...choice, hidden: [...choice.hidden, id] };
}

/** Moves a column by places to the left (negative) or right, staying inside. */
export function moveColumn(choice: ColumnChoice, id: string, places: number): ColumnChoice {
  const from = choice.order.indexOf(id);
  const to = Math.min(choice.order.length - 1, Math.max(0, from + places));
  if (from === -1 || to === from) return choice;
  const order = choice.order.toSpliced(from, 1).toSpliced(to, 0, id);
  return { ...choice, order };
}

/** Reads what was kept as text; null when it is not a choice. */
export function readColumnChoice(value: unknown): ColumnChoice | null {
  if (typeof value !== 'object' || value === null) return null;
  const { order, hidden } = value as Partial<ColumnChoice>;
  return isTexts(order) && isTexts(hidden) ? { order, hidden } : null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}
