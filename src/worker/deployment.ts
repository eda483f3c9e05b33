import type { BuildManifest, EnsembleManifest } from '../program/deployment.ts';
import type { Program } from '../program/program.ts';
import type { NetworkPolicy } from '../runtime/ports.ts';
import type { CodeIsolates } from './code-isolates.ts';

/** An ensemble of this Worker; its program is a module that is loaded when it is first needed. */
export interface DeployedEnsemble extends EnsembleManifest {
  load(): Promise<{ readonly default: Program }>;
}

/** A built project, as the generated entry module hands it over. */
export interface Deployment extends Omit<BuildManifest, 'ensembles'> {
  readonly ensembles: readonly DeployedEnsemble[];
  /** With `code: 'static'`: the modules of code agents by `staticModuleKey`. */
  readonly modules: Readonly<Record<string, () => Promise<{ readonly default?: unknown }>>>;
  /** The objects, empty so far, that those modules take their globals from. */
  readonly globals: { readonly closed: object; readonly network: object };
}

/** How `code: 'static'` runs a program's bodies. Handed in, so that the Worker of a local host need not have it. */
export type OpenStaticCode = (deployment: Deployment, program: Program, others?: CodeIsolates, network?: DeployedNetwork) => CodeIsolates;

/** Where a deployed Worker does not send anything, but for the hosts of ENSEMBLE_PRIVATE_HOSTS. Handed in for the same reason. */
export type OpenNetwork = (exceptions: string | undefined) => DeployedNetwork;

export interface DeployedNetwork {
  readonly policy: NetworkPolicy;
  /** Where the requests of code agents go. Absent = out, as they are; null = nowhere. */
  readonly outbound?: Outbound | null;
}

/** The slice of the platform's `Fetcher` that is used; to a Worker Loader it has to be a real one. */
export interface Outbound {
  fetch(request: string | URL | Request, init?: RequestInit): Promise<Response>;
}

let installed: Deployment | undefined;
let openStaticCode: OpenStaticCode | undefined;
let openNetwork: OpenNetwork | undefined;

/** Called once, while the Worker's modules are evaluated and so before anything is asked of it: Durable Objects and workflows of this Worker find it too. */
export function installDeployment(deployment: Deployment, openStatic: OpenStaticCode, network: OpenNetwork): void {
  installed = deployment;
  openStaticCode = openStatic;
  openNetwork = network;
}

/** Undefined in the Worker of a local host, which is sent its programs. */
export function currentDeployment(): Deployment | undefined {
  return installed;
}

export function findDeployed(id: string): DeployedEnsemble | undefined {
  return installed?.ensembles.find((ensemble) => ensemble.id === id);
}

/** Where the bodies of a program run in this Worker: in isolates of its loader, as it is given here, unless they were built as modules. */
export function openDeployedCode(
  program: Program,
  loaded: CodeIsolates | undefined,
  network: DeployedNetwork | undefined,
): CodeIsolates | undefined {
  return installed?.code === 'static' ? openStaticCode?.(installed, program, loaded, network) : loaded;
}

/** What a run in this Worker may send requests to, as far as that is limited: the Worker of a local host sends them wherever its user says. */
export function openDeployedNetwork(privateHosts: string | undefined): DeployedNetwork | undefined {
  return openNetwork?.(privateHosts);
}
