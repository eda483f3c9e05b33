import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BuildManifest } from '../../program/deployment.ts';
import type { Diagnostic } from '../../program/diagnostic.ts';
import { WORKER_BINDINGS } from '../../program/host-protocol.ts';
import { type BuildOutcome, buildProject } from '../build/build-project.ts';
import { listMigrations } from '../d1-migrations.ts';
import { ignoreFolder } from '../data-folder.ts';
import type { Project } from '../find-project.ts';
import { type HostNeeds, joinNeeds, NO_NEEDS, needsOf } from '../host-needs.ts';
import type { BuiltWorker } from '../host-process/project-runtime.ts';
import { readWorkerModules, type WorkerModule } from '../worker-modules.ts';
import { type DeployConfig, readDeployConfig } from '../wrangler/deploy-config.ts';
import { readDevVars } from '../wrangler/dev-vars.ts';
import { EMPTY_WRANGLER_CONFIG, readWranglerConfig, type WranglerConfig } from '../wrangler/wrangler-config.ts';
import { DEV_ENTRY } from './dev-entry.ts';
import { extendOptions } from './dev-options.ts';
import { resolvePlatform } from './dev-platform.ts';
import { storageOf } from './environment-config.ts';

/** Beside the build that is deployed, which this one must not change. */
const DEV_FOLDER = join('.ensemble', 'dev');

/** What ensembles call while they are written is often on the machine that they are written on. */
const OWN_MACHINE = 'localhost,127.0.0.1,[::1]';

export interface DevBuildOptions {
  readonly project: Project;
  /** A named environment of the wrangler configuration. */
  readonly environment?: string;
  /** The secret `ENSEMBLE_API_KEYS` where `.dev.vars` has none. */
  readonly apiKeys: string;
  onEmulatorLine(line: string): void;
}

export type DevBuild =
  | {
      readonly type: 'built';
      readonly manifest: BuildManifest;
      readonly built: BuiltWorker;
      readonly provided: readonly string[];
      /** Whether `apiKeys` is what lets callers in. */
      readonly ownKeys: boolean;
      /** Of all that it is made of: the same again needs no other Worker. */
      readonly fingerprint: string;
    }
  | { readonly type: 'refused'; readonly diagnostics: readonly Diagnostic[] };

/**
 * The project as it would be deployed, with what a Worker is given locally.
 * @throws ProjectProblem for a broken configuration.
 */
export async function buildForDev(options: DevBuildOptions): Promise<DevBuild> {
  const { project, environment, apiKeys } = options;
  const deploy = project.wranglerFile === undefined ? undefined : readDeployConfig(project.wranglerFile, environment);
  const config = localConfig(project, deploy);
  const secrets = readDevVars(project.root, environment);
  const outcome = await buildProject({ project, environment, folder: join(project.root, DEV_FOLDER) });
  if (outcome.type === 'refused') return { type: 'refused', diagnostics: outcome.diagnostics };
  ignoreFolder(join(project.root, dirname(DEV_FOLDER)));
  const { manifest, programs } = outcome;
  const { platform, provided } = resolvePlatform(deploy, manifest);
  const needs = programs.map(needsOf).reduce(joinNeeds, withConfigured(config));
  const isGiven = (name: string) => secrets[name] !== undefined || config.vars[name] !== undefined;
  const ownKeys = !isGiven(WORKER_BINDINGS.apiKeys);
  const modules = readModules(outcome);
  const hash = createHash('sha256');
  for (const { name, contents } of modules) hash.update(`${name}\n${contents.length}\n${contents}`);
  hash.update(JSON.stringify([platform, config, secrets, needs, config.d1.map(listMigrations)]));
  return {
    type: 'built',
    manifest,
    provided,
    ownKeys,
    fingerprint: hash.digest('hex'),
    built: {
      config,
      secrets,
      needs,
      modules: (lazy) => (lazy ? withLazyModules(modules) : modules),
      variables: {
        // As in every local host, whose data this is: each part is a file.
        [WORKER_BINDINGS.indexShards]: '1',
        ...(isGiven(WORKER_BINDINGS.privateHosts) ? {} : { [WORKER_BINDINGS.privateHosts]: OWN_MACHINE }),
        ...(ownKeys ? { [WORKER_BINDINGS.apiKeys]: apiKeys } : {}),
      },
      extend: (given) => extendOptions(given, platform),
      onEmulatorLine: options.onEmulatorLine,
    },
  };
}

/** Bindings of the configuration are there whether an ensemble mentions them or not, as in a deployed Worker. */
function withConfigured(config: WranglerConfig): HostNeeds {
  const kinds = (['kv', 'd1', 'r2'] as const).filter((kind) => config[kind].length > 0);
  return { ...NO_NEEDS, bindings: kinds.map((kind) => ({ kind })) };
}

function localConfig(project: Project, deploy: DeployConfig | undefined): WranglerConfig {
  if (deploy === undefined || project.wranglerFile === undefined) return EMPTY_WRANGLER_CONFIG;
  return deploy.environment === undefined ? readWranglerConfig(project.wranglerFile) : storageOf(deploy);
}

function readModules({ folder, files }: Extract<BuildOutcome, { type: 'built' }>): WorkerModule[] {
  const built: WorkerModule[] = files
    .map(({ path }) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.js'))
    .map((name) => ({ type: 'ESModule', name, contents: readFileSync(join(folder, name), 'utf8') }));
  return [DEV_ENTRY, ...built];
}

/** A program from elsewhere that is sent to this Worker may need what none of the project's own does. */
function withLazyModules(modules: readonly WorkerModule[]): readonly WorkerModule[] {
  const known = new Set(modules.map(({ name }) => name));
  const more = readWorkerModules(true, 'deployed').map((module) => ({ ...module, name: `runtime/${module.name}` }));
  return [...modules, ...more.filter(({ name }) => !known.has(name))];
}
