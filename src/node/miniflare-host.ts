import type { Miniflare } from 'miniflare';
import type { HostCallName, HostCalls } from '../program/host-calls.ts';
import { HOST_ROUTES, HOST_TOKEN_HEADER } from '../program/host-protocol.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import type { FollowOptions, Host } from './host.ts';
import { readNdjson } from './ndjson.ts';

/** The runtime went away under a run, or does not speak the protocol: not the author's fault. */
export class HostError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HostError';
  }
}

export interface MiniflareHostParts {
  readonly miniflare: Miniflare;
  readonly hostToken: string;
  /** The last lines that workerd wrote, for when it goes away. */
  readonly runtimeLines: readonly string[];
  /** Called before each run, to provide storage that only its program names. `idle` resolves once no run is alive. */
  prepare(program: Program, idle: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Only a name; no request ever leaves for it. */
const WORKER_ORIGIN = 'http://ensemble.localhost';

/** Hands programs to our worker in Miniflare and its events back. */
export class MiniflareHost implements Host {
  readonly #parts: MiniflareHostParts;
  readonly #alive = new Set<Promise<void>>();
  #turn: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(parts: MiniflareHostParts) {
    this.#parts = parts;
  }

  async *run(program: Program, request: RunRequest): AsyncGenerator<RunEvent, void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    // One at a time: a preparation may restart workerd, which only an idle host survives.
    const turn = this.#turn.then(async () => {
      await this.#parts.prepare(program, async () => void (await Promise.all(this.#alive)));
      this.#alive.add(promise);
    });
    this.#turn = turn.catch(() => {});
    await turn;
    try {
      yield* this.#stream(program, request);
    } finally {
      this.#alive.delete(promise);
      resolve();
    }
  }

  async call<Name extends HostCallName>(name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply']> {
    const response = await this.#post(HOST_ROUTES.call + name, ask);
    // The worker is our own, built from the same types.
    return (await response.json()) as HostCalls[Name]['reply'];
  }

  async events(run: string, { from = 0, follow = false }: FollowOptions = {}): Promise<AsyncIterable<RunEvent> | undefined> {
    const response = await this.#get(HOST_ROUTES.events, { run, from: String(from), ...(follow ? { follow: '1' } : {}) });
    if (response === undefined) return undefined;
    if (response.body === null) throw new HostError('the worker answered without a body');
    return readNdjson(response.body) as AsyncIterable<RunEvent>;
  }

  async readProgram(run: string): Promise<Program | undefined> {
    const response = await this.#get(HOST_ROUTES.program, { run });
    // The worker is our own, built from the same types; the run may be older.
    const program = (await response?.json()) as Program | undefined;
    return program?.format === PROGRAM_FORMAT ? program : undefined;
  }

  close(): Promise<void> {
    this.#closed ??= this.#parts.close();
    return this.#closed;
  }

  async *#stream(program: Program, request: RunRequest): AsyncGenerator<RunEvent, void> {
    let last: RunEvent | undefined;
    try {
      const response = await this.#post(HOST_ROUTES.run, { program, request });
      if (response.body === null) throw new HostError('the worker answered without a body');
      for await (const value of readNdjson(response.body)) {
        // The worker is our own, built from the same types.
        last = value as RunEvent;
        yield last;
      }
    } catch (error) {
      if (this.#closed !== undefined) return;
      throw error instanceof HostError ? error : this.#lost(error);
    }
    if (last?.type !== 'run.finished' && this.#closed === undefined) throw this.#lost(undefined);
  }

  /** Undefined for 404. */
  async #get(route: string, query: Readonly<Record<string, string>>) {
    const response = await this.#parts.miniflare.dispatchFetch(`${WORKER_ORIGIN}${route}?${new URLSearchParams(query)}`, {
      headers: { [HOST_TOKEN_HEADER]: this.#parts.hostToken },
    });
    if (response.ok) return response;
    const text = await response.text();
    if (response.status === 404) return undefined;
    throw new HostError(`the worker answered ${response.status} to ${route}: ${text.slice(0, 2_000)}`);
  }

  async #post(route: string, body: unknown) {
    const response = await this.#parts.miniflare.dispatchFetch(`${WORKER_ORIGIN}${route}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [HOST_TOKEN_HEADER]: this.#parts.hostToken },
      body: JSON.stringify(body),
    });
    if (response.ok) return response;
    throw new HostError(`the worker answered ${response.status} to ${route}: ${(await response.text()).slice(0, 2_000)}`);
  }

  #lost(cause: unknown): HostError {
    const lines = this.#parts.runtimeLines;
    const tail = lines.length === 0 ? '' : `\nThe runtime's last lines:\n${lines.join('\n')}`;
    return new HostError(`the runtime ended before the run did${tail}`, { cause });
  }
}
