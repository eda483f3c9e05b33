import type { Located, LocatedScalar } from '../../document/located.ts';
import { findExpressions } from '../../expression/scan.ts';
import { hasExpression } from '../../model/fields.ts';

/** A scalar whose text is fixed, and that text. */
export interface ConstantText {
  readonly text: string;
  readonly scalar: LocatedScalar;
}

/** The text of a value that holds no expression; numbers and booleans as they are spelled. Undefined for anything else, null included. */
export function constantText(value: Located | undefined): ConstantText | undefined {
  if (value?.kind !== 'scalar' || value.value === null) return undefined;
  const text = String(value.value);
  return hasExpression(text) ? undefined : { text, scalar: value };
}

/** What stands before the first expression of a text: the whole text when it holds none. */
export function constantHead(text: string): string {
  return text.slice(0, findExpressions(text)[0]?.start ?? text.length);
}

/** The text with its expressions overwritten by `x`, as long as it was: what is sure of it, in its place. */
export function blankExpressions(text: string): string {
  let blanked = '';
  for (const { start, end = text.length } of findExpressions(text)) {
    if (start >= blanked.length) blanked += text.slice(blanked.length, start) + 'x'.repeat(end - start);
  }
  return blanked + text.slice(blanked.length);
}

/** Whether the text is one expression and nothing else: then it is a value of any kind, null included. */
export function isOneExpression(text: string): boolean {
  const [first] = findExpressions(text);
  return first?.start === 0 && (first.end ?? text.length) === text.length;
}
