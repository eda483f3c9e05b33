import type { Located, LocatedScalar } from '../../document/located.ts';
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
  const at = text.search(/(?<!\$)\$[{<]/);
  return at === -1 ? text : text.slice(0, at);
}
