import type { Template } from '../../../program/expression.ts';
import { everyStep } from '../../../program/inner-steps.ts';
import type { AgentStep, Body, CalledFile, OperationAction, StatePlan } from '../../../program/program.ts';
import { type Access, ANY_BINDING, STORAGE, storagePath } from './access.ts';

const KINDS = ['kv', 'd1', 'r2'] as const;
const ALL_STORAGE: readonly Access[] = [{ path: [STORAGE], mode: 'write' }];

/** What an agent touches that outlasts it: bindings, and with a file all that the file touches, its own state too. The KV of a `cache` does not count. */
export function storageAccesses({ action }: AgentStep, files: ReadonlyMap<string, CalledFile>): readonly Access[] {
  if (action.type === 'operation') return operationAccesses(action);
  return action.type === 'body' ? fileAccesses(action.file, files) : [];
}

/** Of a body whose state is written after each agent that sets some: whoever touches the place where it is kept sees that. */
export function commitAccesses(state: StatePlan): readonly Access[] {
  return state.persist === 'each' ? [{ path: scopePath(state), mode: 'read' }] : [];
}

function operationAccesses({ operation, config }: OperationAction): readonly Access[] {
  if (operation !== 'storage' && operation !== 'data') return [];
  const named = textAt(config, operation === 'data' ? 'backend' : 'type');
  const kind = named === undefined && operation === 'data' ? 'd1' : KINDS.find((one) => one === named);
  if (kind === undefined) return ALL_STORAGE;
  return [{ path: storagePath(kind, textAt(config, 'binding') ?? ANY_BINDING), mode: 'write' }];
}

/** A text of a config that stands there as such; undefined when it does not, or is an expression. */
function textAt(config: Template, key: string): string | undefined {
  const value =
    config.type === 'mapping'
      ? constantOf(config.entries.find((entry) => entry.key === key)?.value)
      : config.type === 'constant' && typeof config.value === 'object' && config.value !== null && !Array.isArray(config.value)
        ? Object.entries(config.value).find(([name]) => name === key)?.[1]
        : undefined;
  return typeof value === 'string' ? value : undefined;
}

function constantOf(template: Template | undefined): unknown {
  return template?.type === 'constant' ? template.value : undefined;
}

/** By the body of a file, which is the same in all programs that hold it. */
const known = new WeakMap<Body, readonly Access[]>();

function fileAccesses(file: string, files: ReadonlyMap<string, CalledFile>): readonly Access[] {
  const called = files.get(file);
  // It runs itself: what it touches is not all known yet.
  if (called === undefined) return ALL_STORAGE;
  const { kind, body } = called;
  const accesses = known.get(body) ?? withoutRepeats(bodyAccesses(body, files)).filter((access) => kind === 'agent' || isLasting(access));
  known.set(body, accesses);
  return accesses;
}

function bodyAccesses(body: Body, files: ReadonlyMap<string, CalledFile>): readonly Access[] {
  const agents = [...everyStep(body.steps)].filter((step) => step.type === 'agent');
  return [...agents.flatMap((agent) => storageAccesses(agent, files)), ...ownState(agents, body)];
}

/** State in memory ends with the ensemble that another one runs: a later run of it finds nothing there. */
function isLasting({ path: [, backend] }: Access): boolean {
  return backend !== 'memory';
}

/** What an earlier run of the file has set is there for a later one, with every backend; a file that sets nothing only reads. */
function ownState(agents: readonly AgentStep[], { state }: Body): readonly Access[] {
  const path = scopePath(state);
  if (agents.some(({ set }) => set.type !== 'none')) return [{ path, mode: 'write' }];
  return state.schema !== undefined || agents.some(({ use, useAll }) => useAll || use.length > 0) ? [{ path, mode: 'read' }] : [];
}

/** Where a state is kept. A key that is an expression may be that of any state there. */
function scopePath({ backend, binding, key }: StatePlan): readonly string[] {
  const place = backend === 'kv' || backend === 'd1' ? (binding ?? ANY_BINDING) : '';
  return storagePath(backend, place, typeof constantOf(key) === 'string' ? String(constantOf(key)) : undefined);
}

function withoutRepeats(accesses: readonly Access[]): readonly Access[] {
  return [...new Map(accesses.map((access) => [JSON.stringify([access.path, access.mode]), access])).values()];
}
