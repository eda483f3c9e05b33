import type { EnsembleManifest } from './deployment.ts';
import { methodsOf } from './trigger-conflicts.ts';
import { comparePaths, matchTriggerPath, parseTriggerPath } from './trigger-path.ts';

/**
 * What `cors` of the trigger lists that answers a request; nothing when none does. Of triggers whose paths overlap it is the one that says most: what `/*` is open to, `/admin` need not be.
 * @param path as a URL has it
 */
export function originsAt(ensembles: readonly Pick<EnsembleManifest, 'triggers'>[], path: string, method: string): readonly string[] {
  const [answering] = ensembles
    .flatMap(({ triggers }) => triggers)
    .filter((trigger) => trigger.type === 'http' || trigger.type === 'webhook')
    .filter((trigger) => methodsOf(trigger).includes(method))
    .map((trigger) => ({ trigger, path: parseTriggerPath(trigger.path) }))
    .filter((route) => matchTriggerPath(route.path, path) !== undefined)
    .toSorted((a, b) => comparePaths(a.path, b.path));
  return answering?.trigger.type === 'http' ? answering.trigger.cors : [];
}
