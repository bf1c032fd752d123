/** One reason why an input was refused, as the schema library lists them. */
interface Issue {
  readonly path?: readonly (string | number)[];
  readonly message?: string;
  /** For a choice between schemas: the reasons of each. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** Turns the service's list of problems with an input (JSON in an error's message) into sentences. */
export function explainInvalidInput(message: string): string {
  let issues: unknown;
  try {
    issues = JSON.parse(message);
  } catch {
    // Plain words already.
    return asSentence(message);
  }
  if (!Array.isArray(issues) || issues.length === 0) return asSentence(message);
  return (issues as Issue[]).map((issue) => asSentence(explainIssue(issue))).join(' ');
}

function explainIssue(issue: Issue): string {
  const field = (issue.path ?? []).join('.');
  const first = issue.errors?.flat().find((inner) => inner.message);
  const reason = first?.message ?? issue.message ?? 'it is not valid';
  return field === '' ? reason : `The ${field} is not valid: ${reason}`;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
