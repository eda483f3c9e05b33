import { BUILTIN_NAMES } from '../../program/expression-vocabulary.ts';
import type { Check } from './check.ts';

/** `Math` of `Math.max`, `Number` itself: what an expression reads as a global. */
const GLOBALS: ReadonlySet<string> = new Set([...BUILTIN_NAMES].map((name) => name.replace(/^new /, '').split('.', 1)[0] ?? name));

/** An agent's name hides the global of the same name, and a hyphen in it can be read as a minus (LANGUAGE §3.2). */
export const confusingName: Check = {
  codes: ['confusing-name'],
  check({ model }, findings) {
    if (model.single) return;
    const names = new Set(model.agents.flatMap(({ name, named }) => (named ? [name.text] : [])));
    for (const { name, named } of model.agents) {
      if (!named) continue;
      if (GLOBALS.has(name.text)) {
        findings.report('confusing-name', name.span, `an agent called "${name.text}" hides \`${name.text}\` from every expression`, {
          help: 'choose another name, in small letters for instance',
        });
        continue;
      }
      const parts = splitInto(name.text, names);
      if (parts === undefined) continue;
      findings.report(
        'confusing-name',
        name.span,
        `"${name.text}" can be read as "${parts[0]}" minus "${parts[1]}", which are agents too`,
        {
          help: `choose another name for one of them: \`${name.text}\` always means the agent of that name, \`${parts[0]} - ${parts[1]}\` the subtraction`,
        },
      );
    }
  },
};

/** The two names that a hyphenated one is made of. */
function splitInto(name: string, names: ReadonlySet<string>): readonly [string, string] | undefined {
  for (let at = name.indexOf('-'); at !== -1; at = name.indexOf('-', at + 1)) {
    const [left, right] = [name.slice(0, at), name.slice(at + 1)];
    if (names.has(left) && names.has(right)) return [left, right];
  }
  return undefined;
}
