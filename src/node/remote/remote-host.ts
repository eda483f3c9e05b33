import type { HostCallName, HostCalls } from '../../program/host-calls.ts';
import type { JsonValue } from '../../program/json.ts';
import { PROGRAM_FORMAT, type Program } from '../../program/program.ts';
import type { RunEvent } from '../../program/run-event.ts';
import type { FollowOptions, Host } from '../host.ts';
import { ApiClient } from './api-client.ts';
import { type EventSource, readEvents } from './read-events.ts';
import { type DeployedEnsemble, readReply } from './read-reply.ts';
import { REMOTE_CALLS } from './remote-calls.ts';
import type { RemoteOptions } from './remote-options.ts';
import { RemoteProblem } from './remote-problem.ts';

/** Between two tries to follow a run again, at most. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * A deployed Worker as the host of the CLI's commands, through its HTTP API (docs/http-api.md). It runs what is deployed there: a program from here is never sent.
 */
export class RemoteHost implements Host {
  readonly flags?: string;
  readonly #client: ApiClient;
  readonly #closing = new AbortController();
  readonly #stopListening: (() => void) | undefined;

  constructor(options: RemoteOptions) {
    this.#client = new ApiClient(options);
    if (options.flags !== undefined) this.flags = options.flags;
    this.#stopListening = options.onInterrupt?.(() => this.#client.interrupt());
  }

  get origin(): string {
    return this.#client.origin;
  }

  /** @throws RemoteProblem always. */
  // biome-ignore lint/correctness/useYield: there is nothing to yield
  async *run(): AsyncGenerator<RunEvent, void> {
    throw new RemoteProblem('a deployed Worker runs the ensembles that were deployed with it, and none from here');
  }

  /** One of the ensembles of the Worker; undefined when it has none of that id. */
  async readEnsemble(id: string): Promise<DeployedEnsemble | undefined> {
    return ifFound(async () => {
      const { value } = await this.#client.ask({ method: 'GET', path: `/ensembles/${encodeURIComponent(id)}`, repeatable: true });
      return readReply('ensemble', value, this.origin);
    });
  }

  /** The ids of all of them. */
  async listEnsembles(): Promise<readonly string[]> {
    const { value } = await this.#client.ask({ method: 'GET', path: '/ensembles', repeatable: true });
    return readReply('ensembles', value, this.origin).ensembles.map(({ id }) => id);
  }

  /**
   * Starts a run of a deployed ensemble and gives its id. Whoever comes with the same key again gets the same run, so that a lost answer starts nothing twice.
   * @throws RemoteProblem: `invalid-input` when the input is not what the ensemble declares.
   */
  async start(id: string, input: JsonValue, idempotencyKey: string): Promise<string> {
    const { value } = await this.#client.ask({
      method: 'POST',
      path: `/ensembles/${encodeURIComponent(id)}/runs`,
      body: JSON.stringify(input),
      headers: { 'idempotency-key': idempotencyKey },
      repeatable: true,
    });
    return readReply('started', value, this.origin).run;
  }

  async call<Name extends HostCallName>(name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply']> {
    const call = REMOTE_CALLS[name];
    if (call === undefined) throw new RemoteProblem(`a deployed Worker is not asked to ${name} anything from elsewhere`);
    return call(ask, this.#client);
  }

  async events(run: string, { from = 0, follow = false }: FollowOptions = {}): Promise<AsyncIterable<RunEvent> | undefined> {
    let opened = await this.#open(run, from, follow);
    if (opened === undefined) return undefined;
    const source: EventSource = {
      origin: this.origin,
      run,
      flags: this.flags,
      open: async (next) => {
        const stream = opened ?? (await this.#open(run, next, follow));
        opened = undefined;
        return stream;
      },
      pause: (losses) => this.#client.pause(Math.min(LONGEST_PAUSE_MS, 100 * 2 ** losses), this.#closing.signal),
    };
    return readEvents(source, from, follow);
  }

  async readProgram(run: string): Promise<Program | undefined> {
    return ifFound(async () => {
      const { value } = await this.#client.ask({ method: 'GET', path: `/runs/${run}/program`, repeatable: true });
      const program = readReply('program', value, this.origin);
      return program.format === PROGRAM_FORMAT ? program : undefined;
    });
  }

  async close(): Promise<void> {
    this.#stopListening?.();
    this.#closing.abort();
    this.#client.close();
  }

  #open(run: string, from: number, follow: boolean): Promise<AsyncIterable<Uint8Array> | undefined> {
    const query = new URLSearchParams({ from: String(from), follow: follow ? '1' : '0' });
    return ifFound(() => this.#client.open(`/runs/${run}/events?${query}`, follow));
  }
}

async function ifFound<Result>(act: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RemoteProblem && error.code === 'not-found') return undefined;
    throw error;
  }
}
