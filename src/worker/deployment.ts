import type { BuildManifest, EnsembleManifest } from '../program/deployment.ts';
import type { Program } from '../program/program.ts';

/** An ensemble of this Worker; its program is a module that is loaded when it is first needed. */
export interface DeployedEnsemble extends EnsembleManifest {
  load(): Promise<{ readonly default: Program }>;
}

/** A built project, as the generated entry module hands it over. */
export interface Deployment extends Omit<BuildManifest, 'ensembles'> {
  readonly ensembles: readonly DeployedEnsemble[];
  /** With `code: 'static'`: the modules of code agents by the SHA-256 of their source. */
  readonly modules: Readonly<Record<string, () => Promise<{ readonly default?: unknown }>>>;
}

let installed: Deployment | undefined;

/** Called once, while the Worker's modules are evaluated and so before anything is asked of it: Durable Objects and workflows of this Worker find it too. */
export function installDeployment(deployment: Deployment): void {
  installed = deployment;
}

/** Undefined in the Worker of a local host, which is sent its programs. */
export function currentDeployment(): Deployment | undefined {
  return installed;
}

export function findDeployed(id: string): DeployedEnsemble | undefined {
  return installed?.ensembles.find((ensemble) => ensemble.id === id);
}
