import { ROOT_NAMES } from '../../program/expression.ts';
import { givenNames } from '../model/readable-names.ts';
import type { Check } from './check.ts';

const ROOTS: ReadonlySet<string> = new Set(ROOT_NAMES);
/** Words that expressions read as something else, and property names that never resolve (LANGUAGE §3.1). */
const WORDS: ReadonlySet<string> = new Set(
  'true false null undefined typeof in void new delete instanceof this function await NaN Infinity __proto__ constructor prototype'.split(
    ' ',
  ),
);

/** No expression could read an agent that is called like a root or a word of the language. */
export const reservedName: Check = {
  codes: ['reserved-name'],
  check({ model }, findings) {
    if (model.single) return;
    for (const { of, word: name } of givenNames(model)) {
      const what = of === 'agent' ? 'an agent' : of === 'id' ? 'an `id`' : 'a step';
      if (ROOTS.has(name.text)) {
        findings.report(
          'reserved-name',
          name.span,
          `${what} cannot be called "${name.text}": expressions read \`${name.text}\` as something else`,
          {
            help: `choose another name; these are taken: ${ROOT_NAMES.join(', ')}`,
          },
        );
      } else if (WORDS.has(name.text)) {
        findings.report('reserved-name', name.span, `${what} cannot be called "${name.text}": it is a word of the expression language`, {
          help: 'choose another name',
        });
      }
    }
  },
};
