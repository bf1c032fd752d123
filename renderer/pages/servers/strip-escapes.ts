/** A line without the sequences that colour it or move the cursor. */
export function stripEscapes(line: string): string {
  // eslint-disable-next-line no-control-regex -- escape sequences begin with a control character
  return line.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g, '');
}
