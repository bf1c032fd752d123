/** What spreadsheets take for the beginning of a formula. */
const startsFormula = /^[=+\-@\t\r]/;

/**
 * One line of CSV (RFC 4180, line end included). Null is empty. Text that a spreadsheet would run as a formula is
 * prefixed with an apostrophe: prompts and names come from whoever sends requests.
 */
export function csvLine(values: readonly (string | number | boolean | null)[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: string | number | boolean | null): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = startsFormula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
