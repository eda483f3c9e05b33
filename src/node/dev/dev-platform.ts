import type { BuildManifest } from '../../program/deployment.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import type { DeployConfig } from '../wrangler/deploy-config.ts';
import type { DevPlatform } from './dev-options.ts';

export interface ResolvedPlatform {
  readonly platform: DevPlatform;
  /** What the ensembles need and the configuration lacks, as its keys are called there. */
  readonly provided: readonly string[];
}

/** What the Worker is given locally: all that its configuration has, and what its ensembles cannot do without. */
export function resolvePlatform(config: DeployConfig | undefined, { ensembles }: BuildManifest): ResolvedPlatform {
  const triggers = ensembles.flatMap((ensemble) => ensemble.triggers);
  const consumers = [...(config?.queueConsumers ?? [])];
  const workflows = config?.workflows ?? [];
  const provided: string[] = [];
  for (const trigger of triggers) {
    if (trigger.type !== 'queue' || consumers.some(({ queue }) => queue === trigger.queue)) continue;
    consumers.push({ line: undefined, queue: trigger.queue, deadLetterQueue: `${trigger.queue}-dlq` });
    provided.push(`queue ${trigger.queue}`);
  }
  const needsWorkflow = ensembles.some(({ engine }) => engine === 'workflows');
  if (needsWorkflow && !workflows.some(({ binding }) => binding === WORKER_BINDINGS.workflow)) {
    provided.push(`workflow ${WORKER_BINDINGS.workflow}`);
  }
  const { compatibilityDate } = config ?? {};
  return {
    platform: {
      ...(compatibilityDate === undefined ? {} : { compatibilityDate }),
      compatibilityFlags: config?.compatibilityFlags ?? [],
      producers: Object.fromEntries((config?.queueProducers ?? []).map(({ binding, queue = binding }) => [binding, queue])),
      consumers,
      workflows,
      rateLimits: config?.rateLimits ?? [],
    },
    provided,
  };
}
