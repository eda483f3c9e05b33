import type { REGEX_METHODS as NAMES } from '../../../program/expression-vocabulary.ts';
import { toText } from '../coerce.ts';
import { matchToList } from './match.ts';
import type { Method } from './method.ts';
import type { Pattern } from './pattern.ts';

/** Of a regular expression that is written out. Each call begins at the start of the text, whatever the flags. */
export const REGEX_METHODS: Readonly<Record<(typeof NAMES)[number], Method<Pattern>>> = {
  test: (pattern, [text]) => {
    const subject = toText(text);
    return pattern.on(subject).test(subject);
  },
  exec: (pattern, [text]) => {
    const subject = toText(text);
    const found = pattern.on(subject).exec(subject);
    return found === null ? null : matchToList(found);
  },
};
