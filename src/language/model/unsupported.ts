/** Operations of LANGUAGE §5 and of the field that this version cannot run yet. */
const OPERATIONS: ReadonlySet<string> = new Set(['wait', 'approval', 'hitl', 'email', 'queue', 'tools']);

/** Operations that run. */
export const RUNNABLE_OPERATIONS = ['code', 'http', 'storage', 'data', 'think', 'transform', 'assert', 'log'] as const;

/** Operations that exist in the language, runnable or not, for did-you-mean. */
export const OPERATION_NAMES: readonly string[] = [...RUNNABLE_OPERATIONS, ...OPERATIONS];

export function isLaterOperation(name: string): boolean {
  return OPERATIONS.has(name);
}
