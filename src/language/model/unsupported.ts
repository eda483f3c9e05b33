/** Operations of LANGUAGE §5 and of the field that this version cannot run yet. */
const OPERATIONS: ReadonlySet<string> = new Set(['email', 'queue', 'tools']);

/** Operations that run. */
export const RUNNABLE_OPERATIONS = [
  'code',
  'http',
  'storage',
  'data',
  'think',
  'transform',
  'wait',
  'approval',
  'hitl',
  'assert',
  'log',
] as const;

/** Old names of operations, which still work. */
export const OLD_OPERATIONS: Readonly<Record<string, string>> = { hitl: 'approval' };

/** Operations that exist in the language, runnable or not, for did-you-mean. */
export const OPERATION_NAMES: readonly string[] = [...RUNNABLE_OPERATIONS, ...OPERATIONS];

export function isLaterOperation(name: string): boolean {
  return OPERATIONS.has(name);
}
