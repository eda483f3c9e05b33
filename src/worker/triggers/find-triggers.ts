import type { TriggerPlan, TriggerType } from '../../program/trigger.ts';
import { currentDeployment, type DeployedEnsemble } from '../deployment.ts';

/** A trigger of this Worker. */
export interface DeployedTrigger<Type extends TriggerType> {
  readonly ensemble: DeployedEnsemble;
  readonly plan: Extract<TriggerPlan, { readonly type: Type }>;
  /** Its place among the triggers of its ensemble. */
  readonly index: number;
}

/** The triggers of one type, of all ensembles of this Worker. */
export function findTriggers<Type extends TriggerType>(type: Type): readonly DeployedTrigger<Type>[] {
  const ensembles = currentDeployment()?.ensembles ?? [];
  return ensembles.flatMap((ensemble) =>
    ensemble.triggers.flatMap((plan, index) => (isOfType(plan, type) ? [{ ensemble, plan, index }] : [])),
  );
}

function isOfType<Type extends TriggerType>(plan: TriggerPlan, type: Type): plan is Extract<TriggerPlan, { readonly type: Type }> {
  return plan.type === type;
}
