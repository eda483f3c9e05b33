import type { JsonSchema } from './json.ts';
import type { TriggerPlan } from './trigger.ts';

/** The version of what `ensemble build` writes. */
export const DEPLOYMENT_FORMAT = 1;

/** What may run an ensemble: the object of its run, or an instance of Cloudflare Workflows. */
export const ENGINES = ['durable-object', 'workflows'] as const;
export type EngineName = (typeof ENGINES)[number];

/** One ensemble of a built project, as lists, routers and the API need it without its program. */
export interface EnsembleManifest {
  /** What it is called by from outside: its file's path under `ensembles/` without its ending, such as `orders/refund` or `refund@1.2.0`. */
  readonly id: string;
  /** The name that the file gives itself. */
  readonly name: string;
  readonly version?: string;
  readonly description?: string;
  /** Relative to the project's root. */
  readonly file: string;
  /** SHA-256 of its program. */
  readonly hash: string;
  readonly engine: EngineName;
  /** Absent = any object. */
  readonly input?: JsonSchema;
  readonly triggers: readonly TriggerPlan[];
}

/** What `ensemble build` knows about what it made: `manifest.json` beside the modules. */
export interface BuildManifest {
  readonly format: typeof DEPLOYMENT_FORMAT;
  /** Of Ensemble. */
  readonly version: string;
  readonly ensembles: readonly EnsembleManifest[];
  /** How code agents run: as modules of the Worker, or in isolates of the Worker Loader. */
  readonly code: 'static' | 'loader';
  /** Names of the configuration's plain variables: every other text in the Worker's environment is a secret. */
  readonly vars: readonly string[];
}

/** What a code module is called in a build with `code: 'static'`: bodies with the same text are one module, those with network apart from those without. */
export function staticModuleKey(sourceHash: string, network: boolean): string {
  return network ? `${sourceHash}-network` : sourceHash;
}
