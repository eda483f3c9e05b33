import type { Span } from '../../program/diagnostic.ts';
import { harmlessLine } from '../terminal/harmless.ts';

/**
 * `file:line:column`, as terminals and editors open it. A name that begins with a colon gets a `./`, so that no
 * line of a log begins like a workflow command of GitHub Actions (`::error …`).
 */
export function renderPlace(file: string, { line, column }: Pick<Span, 'line' | 'column'>): string {
  const name = harmlessLine(file);
  return `${name.startsWith(':') ? './' : ''}${name}:${line}:${column}`;
}
