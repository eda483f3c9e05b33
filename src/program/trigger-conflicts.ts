import type { EnsembleManifest } from './deployment.ts';
import type { TriggerPlan } from './trigger.ts';
import { parseTriggerPath, shapeOfPath } from './trigger-path.ts';

/** Two triggers of a project that answer the same requests: only one of them would ever get them. */
export interface TriggerConflict {
  readonly method: string;
  /** As the later one spells it. */
  readonly path: string;
  readonly first: Pick<EnsembleManifest, 'id' | 'file'>;
  readonly second: Pick<EnsembleManifest, 'id' | 'file'>;
}

/** All pairs of http and webhook triggers, of all ensembles, that share a method and a path. Paths that only overlap (`/orders/new`, `/orders/:id`) are no conflict: the one that says more wins. */
export function findTriggerConflicts(ensembles: readonly Pick<EnsembleManifest, 'id' | 'file' | 'triggers'>[]): readonly TriggerConflict[] {
  const taken = new Map<string, Pick<EnsembleManifest, 'id' | 'file'>>();
  const conflicts: TriggerConflict[] = [];
  for (const { id, file, triggers } of ensembles) {
    for (const trigger of triggers) {
      if (trigger.type !== 'http' && trigger.type !== 'webhook') continue;
      for (const method of new Set(methodsOf(trigger))) {
        const occasion = `${method} ${shapeOfPath(parseTriggerPath(trigger.path))}`;
        const first = taken.get(occasion);
        if (first === undefined) taken.set(occasion, { id, file });
        else conflicts.push({ method, path: trigger.path, first, second: { id, file } });
      }
    }
  }
  return conflicts;
}

/** A webhook is always sent by POST. */
export function methodsOf(trigger: Extract<TriggerPlan, { readonly type: 'http' | 'webhook' }>): readonly string[] {
  return trigger.type === 'webhook' ? ['POST'] : trigger.methods;
}
