import { listAgents } from '../program/list-agents.ts';
import type { BindingNeed, Program } from '../program/program.ts';
import { STORAGE_KINDS } from './storage-bindings.ts';

/** What workerd must be started with for a program to run. */
export interface HostNeeds {
  readonly bindings: readonly BindingNeed[];
  /** Whether the worker's lazily loaded modules are needed (worker-modules.ts). */
  readonly lazyModules: boolean;
  /** Whether Cloudflare Workflows is needed, whose emulator takes its time at the start. */
  readonly workflows: boolean;
}

/** One storage of each kind: for a host that does not know yet what it will run. */
export const ANY_NEEDS: HostNeeds = { bindings: STORAGE_KINDS.map((kind) => ({ kind })), lazyModules: false, workflows: false };

/** For a host that is asked about what is there already. */
export const NO_NEEDS: HostNeeds = { bindings: [], lazyModules: false, workflows: false };

/** The one operation with modules of its own. */
const LAZY_OPERATION = 'think';

export function needsOf(program: Program): HostNeeds {
  let lazyModules = false;
  for (const { step } of listAgents(program)) {
    if (step.action.type === 'operation' && step.action.operation === LAZY_OPERATION) lazyModules = true;
  }
  return { bindings: program.bindings, lazyModules, workflows: program.engine === 'workflows' };
}

/** Whether any workerd will do. */
export function needsNothing({ bindings, lazyModules, workflows }: HostNeeds): boolean {
  return bindings.length === 0 && !lazyModules && !workflows;
}

export function joinNeeds(a: HostNeeds, b: HostNeeds): HostNeeds {
  return {
    bindings: [...a.bindings, ...b.bindings],
    lazyModules: a.lazyModules || b.lazyModules,
    workflows: a.workflows || b.workflows,
  };
}
