import type { LocatedMapping } from '../document/located.ts';
import type { UnsupportedUse } from './body-model.ts';
import { isNull } from './fields.ts';

/** Keys of an agent, and how a message calls what they bring. */
const AGENT_KEYS: Readonly<Record<string, string>> = {
  ensemble: 'calling another ensemble (`ensemble:`)',
};

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
  return agent.entries.flatMap(({ key, value }) => {
    const feature = Object.hasOwn(AGENT_KEYS, key.text) ? AGENT_KEYS[key.text] : undefined;
    return feature === undefined || isNull(value) ? [] : [{ feature, span: key.span }];
  });
}
