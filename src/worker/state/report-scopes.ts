import { findStep } from '../../program/find-step.ts';
import type { Body, Program, StatePlan } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { ScopeSchema, ScopeSummary } from '../../program/state-calls.ts';
import { toScopeSchema } from '../../runtime/state/inspect/scope-schema.ts';
import { readBindings } from '../bindings.ts';
import type { WorkerEnv } from '../worker-env.ts';
import { openScopeIndex } from './open-scope-index.ts';
import { resolvePlace } from './resolve-place.ts';

/** A schema beyond this many characters is kept without its types: which keys are secret must be known. */
const MAX_SCHEMA = 200_000;

type Opened = Extract<RunEvent, { readonly type: 'state.loaded' }>;

/** Whether a run opened a scope that outlasts it. */
export function opensScope(event: RunEvent): event is Opened {
  return event.type === 'state.loaded' && event.backend !== 'memory';
}

/**
 * Tells the index of scopes which of them a run opens, so that they are found later. `events` may hold others, too; without an opened scope nothing is asked. Never fails: a scope that is
 * not in the index is still there.
 */
export async function reportScopes(env: WorkerEnv, program: Program, events: readonly RunEvent[]): Promise<void> {
  const scopes = events.flatMap((event) => (opensScope(event) ? describeScope(env, program, event) : []));
  const noted = scopes.map((scope) => openScopeIndex(env, scope.scope)?.note(JSON.stringify([scope])));
  // One that is not noted is reported again by the next run that opens it.
  await Promise.allSettled(noted);
}

function describeScope(env: WorkerEnv, program: Program, { backend, binding, scope, agent, at, run }: Opened): readonly ScopeSummary[] {
  if (backend !== 'kv' && backend !== 'd1' && backend !== 'durable-object') return [];
  const place = resolvePlace(readBindings(env), { backend, ...(binding === undefined ? {} : { binding }) });
  const schema = schemaOf(bodyAt(program, agent)?.state);
  return [{ ...place, scope, ensemble: program.ensemble, run, last_at: at, ...(schema === undefined ? {} : { schema }) }];
}

/** The body of the ensemble, or of the file that the agent of that path runs. */
function bodyAt(program: Program, agent: string | undefined): Body | undefined {
  if (agent === undefined) return program.body;
  const step = findStep(program, agent)?.step;
  return step?.type === 'agent' && step.action.type === 'body' ? program.files[step.action.file]?.body : undefined;
}

function schemaOf(plan: StatePlan | undefined): ScopeSchema | undefined {
  const schema = plan === undefined ? undefined : toScopeSchema(plan);
  if (schema === undefined || JSON.stringify(schema).length <= MAX_SCHEMA) return schema;
  return Object.fromEntries(Object.entries(schema).map(([key, { secret }]) => [key, { schema: {}, secret }]));
}
