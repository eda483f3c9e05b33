import type { BuiltinName } from '../../../program/expression-vocabulary.ts';
import { failure } from '../../failure.ts';
import { kindOf, toText } from '../coerce.ts';
import { checkList, checkString, checkValueDepth, spendText } from '../limits.ts';
import { stringify } from '../to-json.ts';
import type { Builtin } from './builtin.ts';

export const JSON_BUILTINS: Readonly<Record<Extract<BuiltinName, `JSON.${string}`>, Builtin>> = {
  'JSON.parse': ([text]) => parseJson(text),
  'JSON.stringify': ([value, keys, indent]) => writeJson(value, indent, keys),
};

/** JSON text of a value within the limit of a string; `keys` may be a list of the keys to write. */
export function writeJson(value: unknown, indent: unknown, keys?: unknown): string | undefined {
  if (typeof keys === 'function')
    throw failure('EXPRESSION', 'JSON.stringify takes a list of keys or null as its second argument, not a function');
  const width = typeof indent === 'number' || typeof indent === 'string' ? indent : 0;
  const text = stringify(value, width, Array.isArray(keys) ? keys.map(toText) : undefined);
  if (text === undefined) return undefined;
  checkString(text.length);
  return text;
}

function parseJson(value: unknown): unknown {
  const text = toText(value);
  checkString(text.length);
  // Reading JSON takes far longer than going over text.
  spendText(text.length + 16, 12);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    // The engine's own message quotes the data, which may be secret.
    throw failure('EXPRESSION', `JSON.parse was given ${kindOf(value)} that is no JSON`);
  }
  checkParsed(parsed);
  return parsed;
}

/** A short text can hold a long list or deep nesting. */
function checkParsed(root: unknown): void {
  let level: object[] = typeof root === 'object' && root !== null ? [root] : [];
  for (let depth = 1; level.length > 0; depth++) {
    checkValueDepth(depth);
    const next: object[] = [];
    for (const value of level) {
      const items = Array.isArray(value) ? value : Object.values(value);
      checkList(items.length);
      for (const item of items) if (typeof item === 'object' && item !== null) next.push(item);
    }
    level = next;
  }
}
