import { API_PATH_PREFIX, HOST_PATH_PREFIX, PLATFORM_PATH_PREFIX } from '../../program/reserved-paths.ts';
import { reservedPrefixOf } from '../../program/trigger-path.ts';
import type { Check } from './check.ts';
import { constantText } from './settings/constant-text.ts';
import { settingsOfTriggers } from './settings/trigger-settings.ts';

/** The path of a trigger is that of a URL: it begins with `/`, has neither host nor query, and is not what a Worker answers for others. */
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
  const reserved = reservedPrefixOf(path);
  if (reserved !== undefined)
    return { what: `lies below \`${reserved}\``, help: `no trigger is asked there: that is ${OWNERS[reserved] ?? 'reserved'}` };
  const parts = path.split('/');
  const star = parts.findIndex((part) => part.includes('*'));
  if (star >= 0 && (parts[star] !== '*' || star < parts.length - 1))
    return {
      what: 'has a `*` that is not its last part',
      help: 'only `/*` at the end stands for all the rest; `:name` stands for one part',
    };
  const mixed = parts.find((part) => part.includes(':') && !/^:[A-Za-z_]\w*$/.test(part));
  if (mixed !== undefined)
    return {
      what: `has a part \`${mixed.slice(0, 60)}\` that is no parameter`,
      help: 'a parameter is a whole part of the path: `/:name/`',
    };
  if (parts.some((part) => part === '.' || part === '..' || !isDecodable(part)))
    return { what: 'has a part that no URL has', help: 'a URL is sent without `.` and `..`, and with two digits behind each `%`' };
  const names = new Set<string>();
  const twice = [...path.matchAll(/:(\w*)/g)].map(([, name = '']) => name).find((name) => names.size === names.add(name).size);
  if (twice !== undefined)
    return { what: `has two parameters \`:${twice}\``, help: 'give each a name of its own; the run finds them in `input.params`' };
  return undefined;
}

const OWNERS: Readonly<Record<string, string>> = {
  [API_PATH_PREFIX]: 'the HTTP API of the Worker',
  [HOST_PATH_PREFIX]: 'kept for Ensemble itself',
  [PLATFORM_PATH_PREFIX]: 'answered by Cloudflare',
};

function isDecodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

function pathOf(address: string): string {
  const path = URL.parse(address)?.pathname;
  return path === undefined || path.length > 60 ? '' : `: \`${path}\``;
}
