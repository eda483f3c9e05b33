import type { LocatedMapping } from '../document/located.ts';
import type { UnsupportedUse } from './body-model.ts';
import { isNull } from './fields.ts';

/** Keys of an agent, and how a message calls what they bring. `onError` with a list of agents is found by the agent's reader. */
const AGENT_KEYS: Readonly<Record<string, string>> = {
  loop: '`loop`',
  cache: '`cache`',
  compensate: '`compensate`',
  ensemble: 'calling another ensemble (`ensemble:`)',
};

const FILE_KEYS: Readonly<Record<string, string>> = { flow: '`flow`' };

/** Operations of LANGUAGE §5 and of the field that this version cannot run yet. */
const OPERATIONS: ReadonlySet<string> = new Set(['wait', 'approval', 'hitl', 'email', 'queue', 'tools']);

/** Operations that run. */
export const RUNNABLE_OPERATIONS = ['code', 'http', 'storage', 'data', 'think', 'transform', 'assert', 'log'] as const;

/** Operations that exist in the language, runnable or not, for did-you-mean. */
export const OPERATION_NAMES: readonly string[] = [...RUNNABLE_OPERATIONS, ...OPERATIONS];

export function isLaterOperation(name: string): boolean {
  return OPERATIONS.has(name);
}

/** The keys of an agent that ask for something that comes later. */
export function unsupportedInAgent(agent: LocatedMapping): readonly UnsupportedUse[] {
  return usedKeys(agent, AGENT_KEYS);
}

export function unsupportedInFile(root: LocatedMapping): readonly UnsupportedUse[] {
  const concurrency = root.entries.find(({ key }) => key.text === 'concurrency');
  const parallel = concurrency?.value.kind === 'scalar' && typeof concurrency.value.value === 'number' && concurrency.value.value > 1;
  return [
    ...usedKeys(root, FILE_KEYS),
    ...(concurrency !== undefined && parallel ? [{ feature: '`concurrency` above 1', span: concurrency.key.span }] : []),
  ];
}

function usedKeys(mapping: LocatedMapping, keys: Readonly<Record<string, string>>): readonly UnsupportedUse[] {
  return mapping.entries.flatMap(({ key, value }) => {
    const feature = Object.hasOwn(keys, key.text) ? keys[key.text] : undefined;
    return feature === undefined || isNull(value) ? [] : [{ feature, span: key.span }];
  });
}
