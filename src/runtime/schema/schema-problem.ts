/**
 * One place where a value does not satisfy a schema. `path` is where (`items[2].name`; empty = the value itself), `message` says what is
 * wrong in plain words without repeating the path, `expected` what the schema asks for there (`string`; empty when it cannot be said shortly).
 */
export interface SchemaProblem {
  readonly path: string;
  readonly message: string;
  readonly expected: string;
}

/** One line a problem, for a failure's message: `lang: expected string, found the number 5; doc_id: is missing`. */
export function renderProblems(problems: readonly SchemaProblem[], shown = 5): string {
  const lines = problems.slice(0, shown).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (problems.length > shown) lines.push(`and ${problems.length - shown} more`);
  return lines.join('; ');
}
