import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Miniflare, type MiniflareOptions } from 'miniflare';
import { buildProject } from '../../src/node/build/build-project.ts';
import { findProject } from '../../src/node/find-project.ts';
import { DEPLOYED_FLAGS, WORKER_BINDINGS, WORKER_CLASSES, WORKER_COMPATIBILITY } from '../../src/program/host-protocol.ts';
import { writeProject } from './written-project.ts';

export interface DeployedOptions {
  /** The project: relative path → text. */
  readonly files: Readonly<Record<string, string>>;
  /** Variables and secrets alike, the worker's own (ENSEMBLE_…) too. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Answers every outgoing request. */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /** Keeps everything in this folder, for another Worker after this one. */
  readonly persist?: string;
  /** Laid over the options: queues, rate limits, workflows … */
  readonly options?: Partial<MiniflareOptions>;
  /** What is done with a build before it is run: gets its folder and the project's, gives the folder with the modules that are. */
  readonly through?: (build: string, root: string) => Promise<string>;
}
export type OpenDeployed = typeof openDeployed;

export interface DeployedWorker extends AsyncDisposable {
  readonly root: string;
  readonly miniflare: Miniflare;
  /** `path` begins with `/`; the Worker is at https://ensemble.test. Redirects are not followed. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

/** A project built as for a deployment, in workerd with all bindings: KV `KV`, D1 `DB`, R2 `BUCKET`, the worker's own. */
export async function openDeployed({
  files,
  vars = {},
  outbound,
  persist,
  options = {},
  through,
}: DeployedOptions): Promise<DeployedWorker> {
  const written = writeProject({ 'package.json': '{}', ...files });
  const built = await buildProject({ project: findProject(written.root) });
  if (built.type === 'refused') throw new Error(built.diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  const modules = readModules(through === undefined ? built.folder : await through(built.folder, written.root));
  const miniflare = new Miniflare({
    modules,
    modulesRoot: '/',
    compatibilityDate: WORKER_COMPATIBILITY.date,
    compatibilityFlags: [...WORKER_COMPATIBILITY.flags, ...DEPLOYED_FLAGS],
    // Servers of tests lie here; a test of the guard takes it away.
    bindings: { [WORKER_BINDINGS.privateHosts]: '127.0.0.1,localhost', ...vars },
    kvNamespaces: ['KV'],
    d1Databases: ['DB'],
    r2Buckets: ['BUCKET'],
    durableObjects: Object.fromEntries(
      (['runs', 'states', 'index', 'scopes', 'claims'] as const).map((name) => [
        WORKER_BINDINGS[name],
        { className: WORKER_CLASSES[name], useSQLite: true },
      ]),
    ),
    workerLoaders: { [WORKER_BINDINGS.loader]: {} },
    ...(persist === undefined ? {} : { defaultPersistRoot: persist }),
    ...(outbound === undefined ? {} : { outboundService: outbound as unknown as NonNullable<MiniflareOptions['outboundService']> }),
    ...options,
  } as MiniflareOptions);
  await miniflare.ready;
  return {
    root: written.root,
    miniflare,
    fetch: (path, init) => {
      const given = { redirect: 'manual', ...init } as unknown as Parameters<Miniflare['dispatchFetch']>[1];
      return miniflare.dispatchFetch(`https://ensemble.test${path}`, given) as unknown as Promise<Response>;
    },
    async [Symbol.asyncDispose]() {
      await miniflare.dispose();
      written[Symbol.dispose]();
    },
  };
}

/** The modules of a built Worker as Miniflare takes them, `index.js` first. */
export function readModules(folder: string): { type: 'ESModule'; path: string; contents: string }[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  return names
    .toSorted((a) => (a === 'index.js' ? -1 : 1))
    .map((name) => ({ type: 'ESModule', path: `/${name}`, contents: readFileSync(join(folder, name), 'utf8') }));
}
