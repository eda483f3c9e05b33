import type { Span } from '../../program/diagnostic.ts';
import { harmlessLine } from '../terminal/harmless.ts';

/**
 * `file:line:column`, as terminals and editors open it. A name that begins like a workflow command of GitHub Actions (`::error …`) gets a `./`,
 * so that a line of a log that begins with it is none.
 */
export function renderPlace(file: string, { line, column }: Pick<Span, 'line' | 'column'>): string {
  const name = harmlessLine(file);
  return `${name.startsWith('::') ? './' : ''}${name}:${line}:${column}`;
}
