import type { Readable } from 'node:stream';
import type { MiniflareOptions } from 'miniflare';
import { WORKER_BINDINGS, WORKER_CLASSES, WORKER_COMPATIBILITY } from '../program/host-protocol.ts';
import type { JsonObject } from '../program/json.ts';
import type { StorageBindings } from './storage-bindings.ts';
import type { WorkerModule } from './worker-modules.ts';
import { WORKERD_MARK } from './workerd-watch.ts';

/** Of the emulator's own files beside wrangler's. */
const WORKFLOW_NAME = 'ensemble';

/** What a local Worker is made of, in our own words. */
export interface LocalWorker {
  readonly name: string;
  readonly modules: readonly WorkerModule[];
  /** wrangler's `v3` folder or one laid out the same. */
  readonly dataFolder: string;
  readonly storage: StorageBindings;
  /** Whether ensembles with `engine: workflows` can run. */
  readonly workflows: boolean;
  readonly vars: JsonObject;
  readonly secrets: Readonly<Record<string, string>>;
  readonly hostToken: string;
  readonly mark: string;
  /** Of the worker's own, by their names in WORKER_BINDINGS. */
  readonly variables: Readonly<Record<string, string>>;
  /** Called with each line that workerd writes to its stdout or stderr. */
  onRuntimeLine(line: string): void;
  /** Sees every outgoing request of the Worker and answers in place of the network. */
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /** What a Worker of `ensemble dev` has besides (dev/dev-options.ts). */
  readonly extend?: (options: MiniflareOptions) => MiniflareOptions;
  /** Called with what the emulator itself has to say, of its queues and emails. */
  onEmulatorLine?(line: string): void;
}

/** The same in Miniflare 4's options. No other file knows them (DESIGN §5: 5.x has another schema). */
export function buildMiniflareOptions(worker: LocalWorker): MiniflareOptions {
  const { storage } = worker;
  const ids = (kind: keyof StorageBindings) => Object.fromEntries(storage[kind].map(({ binding, id }) => [binding, id]));
  const names = (kind: keyof StorageBindings) => storage[kind].map(({ binding }) => binding);
  const { outbound } = worker;
  const options: MiniflareOptions = {
    name: worker.name,
    modules: worker.modules.map(({ type, name, contents }) => ({ type, path: `/${name}`, contents })),
    modulesRoot: '/',
    compatibilityDate: WORKER_COMPATIBILITY.date,
    compatibilityFlags: [...WORKER_COMPATIBILITY.flags],
    bindings: {
      ...worker.vars,
      ...worker.secrets,
      [WORKER_BINDINGS.bindings]: JSON.stringify({ kv: names('kv'), d1: names('d1'), r2: names('r2') }),
      [WORKER_BINDINGS.secrets]: JSON.stringify(Object.keys(worker.secrets)),
      [WORKER_BINDINGS.hostToken]: worker.hostToken,
      ...worker.variables,
    },
    kvNamespaces: ids('kv'),
    d1Databases: ids('d1'),
    r2Buckets: ids('r2'),
    durableObjects: {
      [WORKER_BINDINGS.runs]: { className: WORKER_CLASSES.runs, useSQLite: true },
      [WORKER_BINDINGS.states]: { className: WORKER_CLASSES.states, useSQLite: true },
      [WORKER_BINDINGS.index]: { className: WORKER_CLASSES.index, useSQLite: true },
      [WORKER_BINDINGS.scopes]: { className: WORKER_CLASSES.scopes, useSQLite: true },
    },
    ...(worker.workflows ? { workflows: { [WORKER_BINDINGS.workflow]: { name: WORKFLOW_NAME, className: WORKER_CLASSES.workflow } } } : {}),
    workerLoaders: { [WORKER_BINDINGS.loader]: {} },
    defaultPersistRoot: worker.dataFolder,
    unsafeRuntimeEnv: { [WORKERD_MARK]: worker.mark },
    // The worker does not use the Cache API; its emulation costs 25 ms at the start.
    cache: false,
    // Nothing is asked of Cloudflare's servers by a local run.
    cf: false,
    telemetry: { enabled: false },
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const stream of [stdout, stderr]) forEachLine(stream, worker.onRuntimeLine);
    },
    ...(outbound === undefined ? {} : { outboundService: outbound as unknown as NonNullable<MiniflareOptions['outboundService']> }),
  };
  return worker.extend?.(options) ?? options;
}

function forEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
