import { createHash } from 'node:crypto';
import { Miniflare } from 'miniflare';
import { GLOBALS_MODULE, GLOBALS_SOURCE, renderStaticModule } from '../../../src/node/build/static-module.ts';
import { staticModuleKey } from '../../../src/program/deployment.ts';
import { WORKER_COMPATIBILITY } from '../../../src/program/host-protocol.ts';
import type { CodeModule } from '../../../src/program/program.ts';
import type { CodeOutcome, CodeScope } from '../../../src/runtime/ports.ts';
import { bundleWorker } from './bundle-worker.ts';

/** What ../fixtures/code-worker.js is sent. */
interface CodeCall {
  readonly modules: Readonly<Record<string, CodeModule>>;
  readonly hash: string;
  readonly calls: readonly {
    readonly module: string;
    readonly scope: CodeScope;
    readonly timeoutMs?: number;
    readonly abortAfterMs?: number;
    readonly abortWhenLogged?: boolean;
    readonly inputLength?: number;
    readonly inputOf?: string;
  }[];
  readonly together: boolean;
  /** The bodies as modules of a Worker, as `ensemble build` writes them; without them they run in isolates of the Worker Loader. */
  readonly files?: Readonly<Record<string, string>>;
}

/** `loader`: each program in isolates of its own · `static`: its bodies are modules of the Worker that runs it. */
export type CodeKind = 'loader' | 'static';

export interface BodyCall extends Partial<CodeScope> {
  readonly timeoutMs?: number;
  readonly abortAfterMs?: number;
  /** Aborts once the body has logged something: it has begun by then. */
  readonly abortWhenLogged?: boolean;
  readonly network?: boolean;
  /** The input is a text so long: longer than what can be sent to the host. */
  readonly inputLength?: number;
  /** The character that it is made of, when that is not an `x`. */
  readonly inputOf?: string;
}

export interface CodeHost {
  /** Calls one body, given as the inside of a function over `context`; each text is a module of its own in a program of its own. */
  run(body: string, call?: BodyCall): Promise<CodeOutcome>;
  /** Calls bodies of one program one after another, or all at once. */
  runAll(bodies: readonly string[], options?: BodyCall & { readonly together?: boolean }): Promise<readonly CodeOutcome[]>;
  close(): Promise<void>;
}

export const EMPTY_SCOPE: CodeScope = { input: {}, state: {}, env: {}, holes: [], agents: {}, config: {} };
const LINES_BEFORE = 1;

/** workerd with the code runner alone. `outbound` answers what a body with `network: true` fetches; whatever else gets out is recorded too. */
export async function openCodeHost(
  kind: CodeKind,
  outbound: (url: string) => string = () => 'outside',
): Promise<CodeHost & { readonly reached: string[] }> {
  const { Response } = await import('miniflare');
  const reached: string[] = [];
  const miniflare = new Miniflare({
    modules: true,
    script: await bundleWorker('fixtures/code-worker.js'),
    compatibilityDate: WORKER_COMPATIBILITY.date,
    durableObjects: { HOST: { className: 'CodeHost', useSQLite: true } },
    workerLoaders: { LOADER: {} },
    bindings: kind === 'static' ? { STATIC_WORKER: await bundleWorker('fixtures/static-code-worker.js') } : {},
    outboundService: (request: { readonly url: string }) => {
      reached.push(request.url);
      return new Response(outbound(request.url));
    },
  });
  let programs = 0;
  const send = async (call: CodeCall): Promise<readonly CodeOutcome[]> => {
    const response = await miniflare.dispatchFetch('http://host/', { method: 'POST', body: JSON.stringify(call) });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return JSON.parse(text) as readonly CodeOutcome[];
  };
  const runAll: CodeHost['runAll'] = (
    bodies,
    { timeoutMs, abortAfterMs, abortWhenLogged, inputLength, inputOf, network = false, together = false, ...scope } = {},
  ) => {
    programs += 1;
    const place = { line: 11, column: 9 };
    const entries = bodies.map((body, index): [string, CodeModule] => [
      `m${index}`,
      {
        source: `export default async (context) => { const { input, state, env, holes, agents, config, setState, console, signal, text } = context;\n${body}\n}`,
        kind: 'inline',
        network,
        lineOffset: LINES_BEFORE,
        place,
      },
    ]);
    return send({
      modules: Object.fromEntries(entries),
      hash: `program-${programs}`,
      ...(kind === 'static' ? { files: writeStaticModules(entries.map(([, module]) => module)) } : {}),
      together,
      calls: bodies.map((_, index) => ({
        module: `m${index}`,
        scope: { ...EMPTY_SCOPE, ...scope },
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
        ...(abortAfterMs === undefined ? {} : { abortAfterMs }),
        ...(abortWhenLogged === undefined ? {} : { abortWhenLogged }),
        ...(inputLength === undefined ? {} : { inputLength }),
        ...(inputOf === undefined ? {} : { inputOf }),
      })),
    });
  };
  return {
    reached,
    runAll,
    run: async (body, call) => {
      const [outcome] = await runAll([body], call);
      if (outcome === undefined) throw new Error('no outcome');
      return outcome;
    },
    close: () => miniflare.dispose(),
  };
}

function writeStaticModules(modules: readonly CodeModule[]): Record<string, string> {
  const keys = modules.map(({ source, network }) => staticModuleKey(createHash('sha256').update(source).digest('hex'), network));
  const loads = keys.map((key) => `'${key}': () => import('./code/${key}.js')`);
  return {
    [`code/${GLOBALS_MODULE}`]: GLOBALS_SOURCE,
    'table.js': `import * as globals from './code/${GLOBALS_MODULE}'; export { globals }; export const modules = { ${loads.join(', ')} };`,
    ...Object.fromEntries(modules.map((module, index) => [`code/${keys[index]}.js`, renderStaticModule(module.source, module)])),
  };
}
