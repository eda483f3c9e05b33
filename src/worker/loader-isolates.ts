import { CODE_HARNESS } from 'ensemble:code-harness';
import { WORKER_COMPATIBILITY } from '../program/host-protocol.ts';
import type { Program } from '../program/program.ts';
import { HARNESS_ENTRYPOINT, HARNESS_MODULE, type HarnessPort } from './code-harness/protocol.ts';
import type { CodeIsolates } from './code-isolates.ts';
import type { Outbound } from './deployment.ts';

/**
 * Isolates of the Worker Loader for a program's `code` bodies: one for those with network and one for those without, shared by all runs of the program
 * (named by `hash`). They have no bindings; without network the global outbound is null, which closes `fetch`, sockets and WebSockets alike. `outbound`: where requests of those with network go (`DeployedNetwork`).
 */
export function openLoaderIsolates(loader: WorkerLoader, program: Program, hash: string, outbound?: Outbound | null): CodeIsolates {
  const { files, id } = placesOf(program, hash);
  const isolates = new Map<boolean, HarnessPort>();
  return {
    fileOf: (module) => files.get(module),
    open(network) {
      const known = isolates.get(network);
      if (known !== undefined) return known;
      const isolate = openIsolate(loader, program, `${id}:${network ? 'network' : 'closed'}`, files, network, network ? outbound : null);
      isolates.set(network, isolate);
      return isolate;
    },
  };
}

interface Places {
  /** Names the isolates in which the modules have these file names. */
  readonly id: string;
  /** Module → its file name in the isolate. */
  readonly files: ReadonlyMap<string, string>;
}

const places = new WeakMap<Program, Places>();

/**
 * Where the program's bodies lie in their isolates: under names that nobody can guess. A body that knew another's could import it, and find what that one keeps in
 * its module or call it with a context of its own making.
 */
function placesOf(program: Program, hash: string): Places {
  const known = places.get(program);
  if (known !== undefined) return known;
  const files = new Map(Object.keys(program.modules).map((name) => [name, `${crypto.randomUUID()}.js`]));
  const found = { id: `${hash}:${crypto.randomUUID()}`, files };
  places.set(program, found);
  return found;
}

function openIsolate(
  loader: WorkerLoader,
  program: Program,
  id: string,
  files: ReadonlyMap<string, string>,
  network: boolean,
  outbound: Outbound | null | undefined,
): HarnessPort {
  const worker = loader.get(id, () => {
    const modules: Record<string, string> = { [HARNESS_MODULE]: CODE_HARNESS };
    for (const [name, file] of files) {
      const module = program.modules[name];
      if (module?.network === network) modules[file] = module.source;
    }
    return {
      compatibilityDate: WORKER_COMPATIBILITY.date,
      compatibilityFlags: ['nodejs_als'],
      mainModule: HARNESS_MODULE,
      modules,
      env: {},
      ...(outbound === undefined ? {} : { globalOutbound: outbound as Fetcher | null }),
    };
  });
  return worker.getEntrypoint(HARNESS_ENTRYPOINT) as unknown as HarnessPort;
}
