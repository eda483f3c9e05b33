import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** The path of a trigger is that of a URL: it begins with `/`, and has neither host nor query. */
export const invalidTriggerPath: Check = {
  codes: ['invalid-trigger-path'],
  check(body, findings) {
    for (const { fields } of settingsOfTriggers(body, 'http', 'webhook')) {
      const constant = constantText(fields.value('path'));
      const problem = constant && findProblem(constant.text);
      if (constant === undefined || problem === undefined) continue;
      findings.report('invalid-trigger-path', constant.scalar.span, `the path of the trigger ${problem.what}`, { help: problem.help });
    }
  },
};

function findProblem(path: string): { readonly what: string; readonly help: string } | undefined {
  if (/^https?:/i.test(path)) return { what: 'is a whole address', help: `write only the path${pathOf(path)}` };
  if (!path.startsWith('/')) return { what: 'does not begin with `/`', help: `write \`/${path.trim().slice(0, 60)}\`` };
  if (/[?#]/.test(path))
    return { what: 'holds a query', help: 'a trigger answers its path with any query; the run finds it in `input.query`' };
  if (/\s/.test(path)) return { what: 'holds a space', help: 'in a URL a space is `%20`; use `-`' };
  const names = new Set<string>();
  const twice = [...path.matchAll(/:(\w*)/g)].map(([, name = '']) => name).find((name) => names.size === names.add(name).size);
  if (twice !== undefined)
    return { what: `has two parameters \`:${twice}\``, help: 'give each a name of its own; the run finds them in `input.params`' };
  return undefined;
}

function pathOf(address: string): string {
  const path = URL.parse(address)?.pathname;
  return path === undefined || path.length > 60 ? '' : `: \`${path}\``;
}
