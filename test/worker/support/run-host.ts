import type { Readable } from 'node:stream';
import { Miniflare, type MiniflareOptions } from 'miniflare';
import { readWorkerModules } from '../../../src/node/worker-modules.ts';
import { WORKERD_MARK, watchWorkerd } from '../../../src/node/workerd-watch.ts';
import type { HostCallName, HostCalls } from '../../../src/program/host-calls.ts';
import {
  HOST_ROUTES,
  HOST_TOKEN_HEADER,
  WORKER_BINDINGS,
  WORKER_CLASSES,
  WORKER_COMPATIBILITY,
} from '../../../src/program/host-protocol.ts';
import type { JsonValue } from '../../../src/program/json.ts';
import type { Program } from '../../../src/program/program.ts';
import type { RunEvent } from '../../../src/program/run-event.ts';
import { programOf } from '../../runtime/engine/support/program-of.ts';

export const TOKEN = 'the host token of the tests';

export interface RunHostOptions {
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly outbound?: (request: Request) => Response | Promise<Response>;
  /** Keeps everything in this folder, for another host after this one. */
  readonly persist?: string;
  readonly token?: string | undefined;
  /** A Worker in place of the built one, in one piece. */
  readonly script?: string;
  /** Without a binding of Workflows. */
  readonly withoutWorkflows?: boolean;
  /** Gets each piece of text that workerd writes. */
  readonly onRuntimeText?: (text: string) => void;
}

export interface RunCall {
  readonly run?: string;
  readonly input?: JsonValue;
  readonly trigger?: JsonValue;
  readonly vars?: Readonly<Record<string, string>>;
  readonly secretVars?: readonly string[];
}

/** The built worker (dist/worker) in workerd with all its bindings, as a local host runs it. */
export class RunHost {
  readonly miniflare: Miniflare;
  readonly #workerd: () => number | undefined;
  #runs = 0;

  constructor(miniflare: Miniflare, workerd: () => number | undefined) {
    this.miniflare = miniflare;
    this.#workerd = workerd;
  }

  /** Ends workerd as a crash does, and what is left in this process. */
  async kill(): Promise<void> {
    const pid = this.#workerd();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await this.miniflare.dispose().catch(() => undefined);
  }

  request(
    path: string,
    init: { readonly method?: string; readonly body?: string; readonly token?: string | null } = {},
  ): Promise<Response> {
    const { token = TOKEN, ...rest } = init;
    const headers = token === null ? {} : { [HOST_TOKEN_HEADER]: token };
    return this.miniflare.dispatchFetch(`http://host${path}`, { ...rest, headers }) as unknown as Promise<Response>;
  }

  /** Sends a run; the answer's body streams its events. */
  send(source: string | Program, call: RunCall = {}): Promise<Response> {
    this.#runs += 1;
    const program = typeof source === 'string' ? programOf(source) : source;
    const request = { run: `run-${this.#runs}`, input: {}, vars: {}, secretVars: [], ...call };
    return this.request(HOST_ROUTES.run, { method: 'POST', body: JSON.stringify({ program, request }) });
  }

  /** Runs to the end. */
  async run(source: string | Program, call: RunCall = {}): Promise<readonly RunEvent[]> {
    const response = await this.send(source, call);
    const text = await response.text();
    if (!response.ok) throw new Error(`${response.status}: ${text}`);
    return parseLines(text);
  }

  async call<Name extends HostCallName>(name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply']> {
    const response = await this.request(HOST_ROUTES.call + name, { method: 'POST', body: JSON.stringify(ask) });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as HostCalls[Name]['reply'];
  }

  /** What is in the journal from `from` on, and then what comes, until the run is over. */
  follow(run: string, from = 0): Promise<Response> {
    return this.request(`${HOST_ROUTES.events}?run=${run}&from=${from}&follow=1`);
  }

  /** To the end of the run. */
  async finished(run: string): Promise<readonly RunEvent[]> {
    return parseLines(await (await this.follow(run)).text());
  }

  cancel(run: string, reason: string): Promise<Response> {
    return this.request(`${HOST_ROUTES.call}cancel`, { method: 'POST', body: JSON.stringify({ run, reason }) });
  }

  async events(run: string, from = 0): Promise<readonly RunEvent[]> {
    const response = await this.request(`${HOST_ROUTES.events}?run=${run}&from=${from}`);
    if (!response.ok) throw new Error(String(response.status));
    return parseLines(await response.text());
  }

  close(): Promise<void> {
    return this.miniflare.dispose();
  }
}

export function parseLines(text: string): readonly RunEvent[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);
}

export async function openRunHost({
  vars = {},
  secrets = [],
  outbound,
  persist,
  token = TOKEN,
  script,
  withoutWorkflows = script !== undefined,
  onRuntimeText = () => {},
}: RunHostOptions = {}): Promise<RunHost> {
  const modules = script === undefined ? readBuiltModules() : [{ type: 'ESModule' as const, path: '/index.js', contents: script }];
  const mark = crypto.randomUUID();
  let workerd: number | undefined;
  const unwatch = watchWorkerd(mark, (pid) => {
    workerd = pid;
  });
  const options: MiniflareOptions = {
    unsafeRuntimeEnv: { [WORKERD_MARK]: mark },
    modules,
    modulesRoot: '/',
    compatibilityDate: WORKER_COMPATIBILITY.date,
    compatibilityFlags: [...WORKER_COMPATIBILITY.flags],
    bindings: {
      [WORKER_BINDINGS.bindings]: JSON.stringify({ kv: ['KV', 'OTHER_KV'], d1: ['DB'], r2: ['BUCKET'] }),
      [WORKER_BINDINGS.secrets]: JSON.stringify(secrets),
      [WORKER_BINDINGS.hostToken]: token,
      // Last: also one of the worker's own.
      ...vars,
    },
    kvNamespaces: ['OTHER_KV', 'KV'],
    d1Databases: ['DB'],
    r2Buckets: ['BUCKET'],
    durableObjects: {
      [WORKER_BINDINGS.runs]: { className: WORKER_CLASSES.runs, useSQLite: true },
      [WORKER_BINDINGS.states]: { className: WORKER_CLASSES.states, useSQLite: true },
      [WORKER_BINDINGS.index]: { className: WORKER_CLASSES.index, useSQLite: true },
      [WORKER_BINDINGS.scopes]: { className: WORKER_CLASSES.scopes, useSQLite: true },
    },
    ...(withoutWorkflows ? {} : { workflows: { [WORKER_BINDINGS.workflow]: { name: 'ensemble', className: WORKER_CLASSES.workflow } } }),
    workerLoaders: { [WORKER_BINDINGS.loader]: {} },
    // workerd complains of each reader that goes away, which some tests do.
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      for (const stream of [stdout, stderr]) stream.setEncoding('utf8').on('data', onRuntimeText);
    },
    ...(persist === undefined ? {} : { defaultPersistRoot: persist }),
    ...(outbound === undefined ? {} : { outboundService: outbound as unknown as NonNullable<MiniflareOptions['outboundService']> }),
  };
  const miniflare = new Miniflare(options);
  await miniflare.ready;
  unwatch();
  return new RunHost(miniflare, () => workerd);
}

function readBuiltModules() {
  return readWorkerModules(true).map(({ type, name, contents }) => ({ type, path: `/${name}`, contents }));
}
