import { joinList, toText } from '../coerce.ts';
import { checkString, spendText } from '../limits.ts';
import { STRING_METHODS } from '../methods/string.ts';
import { renderText } from '../render-text.ts';
import type { Filter } from './filter.ts';

/** Of text, or of what renders as text; null and undefined pass unchanged. */
function ofText(change: (text: string) => unknown): Filter {
  return (input) => {
    if (input === null || input === undefined) return input;
    const text = renderText(input);
    checkString(text.length);
    spendText(text.length, 5);
    return change(text);
  };
}

export const TEXT_FILTERS = {
  uppercase: ofText((text) => text.toUpperCase()),
  lowercase: ofText((text) => text.toLowerCase()),
  /** The first letter in upper case, the rest as it is. */
  capitalize: ofText((text) => {
    const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
    return text === '' ? '' : first.toUpperCase() + text.slice(first.length);
  }),
  trim: ofText((text) => text.trim()),
  /** At commas unless a separator is given. */
  split: (input, [separator]) => {
    if (input === null || input === undefined) return input;
    return STRING_METHODS.split(renderText(input), [separator === undefined ? ',' : toText(separator)]);
  },
  /** With commas unless a separator is given; a value that is no list is its own text. */
  join: (input, [separator]) => {
    if (input === null || input === undefined) return input;
    return Array.isArray(input) ? joinList(input, separator === undefined ? ',' : toText(separator)) : renderText(input);
  },
} as const satisfies Readonly<Record<string, Filter>>;
