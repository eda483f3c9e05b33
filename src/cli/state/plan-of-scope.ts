import type { Program, StatePlan } from '../../program/program.ts';
import type { LastingBackend, ScopePlace, ScopeSchema } from '../../program/state-calls.ts';
import { toScopeSchema } from '../../runtime/state/inspect/scope-schema.ts';
import { harmlessLine } from '../terminal/harmless.ts';
import { UsageProblem } from '../usage-problem.ts';

export interface PlannedScope {
  readonly place: ScopePlace;
  readonly ensemble: string;
  readonly schema?: ScopeSchema;
}

/**
 * Where an ensemble keeps the scope, and what it says of its keys: its own state, or that of the agent file or ensemble in it whose key the scope is.
 * @throws UsageProblem when nothing of it outlasts a run, or when several places could be meant.
 */
export function planOfScope(program: Program, scope: string): PlannedScope {
  const plans = [program.body, ...Object.values(program.files).map(({ body }) => body)]
    .map(({ state }) => state)
    .flatMap((plan) => (plan.backend === 'memory' ? [] : [{ plan, backend: plan.backend }]));
  const named = plans.filter(({ plan }) => plan.key.type === 'constant' && plan.key.value === scope);
  const [found] = named.length > 0 ? named : plans.filter(({ plan }) => plan.key.type !== 'constant');
  const chosen = found ?? (plans.length === 1 ? plans[0] : undefined);
  if (chosen !== undefined) return describe(program, chosen.plan, chosen.backend);
  const name = harmlessLine(program.ensemble);
  throw new UsageProblem(
    plans.length === 0
      ? `${name} keeps its state in memory: nothing of it outlasts a run`
      : `${name} has state in several places and none of them is known to be the scope "${harmlessLine(scope)}"; name its place with --backend`,
  );
}

function describe({ ensemble }: Program, plan: StatePlan, backend: LastingBackend): PlannedScope {
  const schema = toScopeSchema(plan);
  const place = { backend, ...(plan.binding === undefined ? {} : { binding: plan.binding }) };
  return { place, ensemble, ...(schema === undefined ? {} : { schema }) };
}
