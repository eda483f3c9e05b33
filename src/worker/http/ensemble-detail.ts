import type { EnsembleManifest } from '../../program/deployment.ts';
import type { JsonSchema } from '../../program/json.ts';
import type { TriggerPlan } from '../../program/trigger.ts';
import { pathOfEnsemble } from './links.ts';

/** An ensemble of this Worker as the API shows it. */
export interface EnsembleDetail extends Pick<EnsembleManifest, 'id' | 'name' | 'version' | 'description' | 'file' | 'hash' | 'engine'> {
  /** Absent = any object. */
  readonly input?: JsonSchema;
  readonly triggers: readonly ShownTrigger[];
  readonly links: { readonly self: string; readonly runs: string };
}

export interface ShownTrigger {
  readonly type: TriggerPlan['type'];
  readonly path?: string;
  readonly methods?: readonly string[];
  readonly cron?: string;
  readonly timezone?: string;
  readonly queue?: string;
  readonly addresses?: readonly string[];
  /** How a caller proves itself; never with what. */
  readonly auth?: string;
}

export function describeEnsemble({
  id,
  name,
  version,
  description,
  file,
  hash,
  engine,
  input,
  triggers,
}: EnsembleManifest): EnsembleDetail {
  const self = pathOfEnsemble(id);
  return {
    id,
    name,
    ...(version === undefined ? {} : { version }),
    ...(description === undefined ? {} : { description }),
    file,
    hash,
    engine,
    ...(input === undefined ? {} : { input }),
    triggers: triggers.map(showTrigger),
    links: { self, runs: `${self}/runs` },
  };
}

/** By name, not by leaving out: what a plan has besides is not for every reader. */
function showTrigger(trigger: TriggerPlan): ShownTrigger {
  const { type } = trigger;
  const auth = 'auth' in trigger && trigger.auth !== undefined ? { auth: trigger.auth.type } : {};
  switch (type) {
    case 'http':
      return { type, path: trigger.path, methods: trigger.methods, ...auth };
    case 'webhook':
      return { type, path: trigger.path, ...auth };
    case 'cron':
      return { type, cron: trigger.cron, timezone: trigger.timezone };
    case 'queue':
      return { type, queue: trigger.queue };
    case 'email':
      return { type, addresses: trigger.addresses, ...auth };
    default:
      return type satisfies never;
  }
}
