import type { Program } from '../../program/program.ts';
import type { Project } from '../find-project.ts';
import type { Host } from '../host.ts';
import { ConnectionLost } from '../host-error.ts';
import { ANY_NEEDS, type HostNeeds, joinNeeds, NO_NEEDS, needsOf } from '../host-needs.ts';
import type { TellNotice } from '../host-notice.ts';
import type { LocalHostOptions } from '../local-host.ts';
import { type WorkerAnswer, WorkerHost, type WorkerLink } from '../worker-host.ts';
import type { HostConnection } from './host-connection.ts';
import { joinHost, prepareHost } from './join-host.ts';

export type SharedHostOptions = Omit<LocalHostOptions, 'outbound'>;

/**
 * Opens the host process that all commands on this project share, and starts it when there is none. It goes on when the host that this gives is closed.
 * @throws ProjectProblem for a broken configuration or migration; the signal's reason when it fires first.
 */
export async function openSharedHost(options: SharedHostOptions): Promise<Host> {
  const link = new SocketLink(options);
  await link.open(options.signal);
  return new WorkerHost(link);
}

/** So many host processes in a row may be killed before they are ready. */
const MAX_STARTS = 3;

class SocketLink implements WorkerLink {
  readonly #project: Project;
  readonly #notice: TellNotice;
  /** All that was asked for by this command: a host that takes over has to have it, too. */
  #needs: HostNeeds;
  readonly #known: boolean;
  readonly #prepared = new Set<string>();
  #connection: Promise<HostConnection> | undefined;
  #closed = false;

  constructor(options: SharedHostOptions) {
    this.#project = options.project;
    this.#notice = options.notice?.bind(options) ?? (() => {});
    this.#needs = options.program === undefined ? NO_NEEDS : needsOf(options.program);
    this.#known = options.program !== undefined;
  }

  async open(signal?: AbortSignal): Promise<HostConnection> {
    this.#connection ??= this.#join(signal);
    const opening = this.#connection;
    try {
      const connection = await opening;
      this.#prepared.add(JSON.stringify(this.#needs));
      return connection;
    } catch (error) {
      if (this.#connection === opening) this.#connection = undefined;
      throw error;
    }
  }

  async prepare(program: Program): Promise<void> {
    const needs = needsOf(program);
    const key = JSON.stringify(needs);
    if (this.#prepared.has(key)) return;
    this.#needs = joinNeeds(this.#needs, needs);
    await this.#with((connection) => prepareHost(connection, needs, this.#notice));
    this.#prepared.add(key);
  }

  ask(method: 'GET' | 'POST', route: string, body?: string): Promise<WorkerAnswer> {
    return this.#with(async (connection) => {
      const answer = await connection.ask(method, route, body);
      return { ...answer, body: this.#watched(answer.body, connection) };
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = await this.#connection?.catch(() => undefined);
    connection?.close();
  }

  /** A host that is lost is not asked again. */
  async #with<Result>(act: (connection: HostConnection) => Promise<Result>): Promise<Result> {
    if (this.#closed) throw new ConnectionLost('the host was closed', false);
    const connection = await this.open();
    try {
      return await act(connection);
    } catch (error) {
      if (error instanceof ConnectionLost) await this.#forget(connection);
      throw error;
    }
  }

  async *#watched(body: AsyncIterable<Uint8Array>, connection: HostConnection): AsyncGenerator<Uint8Array, void> {
    try {
      yield* body;
    } catch (error) {
      await this.#forget(connection);
      throw error;
    }
  }

  async #forget(connection: HostConnection): Promise<void> {
    if ((await this.#connection?.catch(() => undefined)) === connection) this.#connection = undefined;
  }

  async #join(signal: AbortSignal | undefined): Promise<HostConnection> {
    for (let starts = 1; ; starts++) {
      try {
        return await joinHost({
          project: this.#project,
          needs: this.#needs,
          startNeeds: this.#known ? this.#needs : ANY_NEEDS,
          notice: this.#notice,
          ...(signal === undefined ? {} : { signal }),
        });
      } catch (error) {
        if (!(error instanceof ConnectionLost) || starts === MAX_STARTS) throw error;
      }
    }
  }
}
