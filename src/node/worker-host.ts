import type { HostCallName, HostCalls } from '../program/host-calls.ts';
import { HOST_ROUTES } from '../program/host-protocol.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import type { FollowOptions, Host } from './host.ts';
import { ConnectionLost, HostError } from './host-error.ts';
import { readNdjson } from './ndjson.ts';
import { ProjectProblem } from './project-problem.ts';

export interface WorkerAnswer {
  readonly status: number;
  /** May be read once. Breaks off with `ConnectionLost`. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** How questions reach the worker: it is in this process's workerd, or in that of a host process. */
export interface WorkerLink {
  /** Sees to it that the worker has what the program needs. */
  prepare(program: Program): Promise<void>;
  /** @throws ConnectionLost when nobody answers; the next request is made to whoever took over. */
  ask(method: 'GET' | 'POST', route: string, body?: string): Promise<WorkerAnswer>;
  close(): Promise<void>;
}

/**
 * So many times in a row may whoever runs a run go away without a single event of it: code of other runs that does not come back may end the runtime more than once before this run gets
 * anywhere. A run that ends it by itself is given up by the worker, and a runtime that does not start by the host, both sooner.
 */
const MAX_LOSSES = 10;
/** Who has lived for so long did not die of the run; nor did a host that was replaced. */
const LONG_LIFE_MS = 10_000;
const AFTER_LOSS_MS = 100;

/** Calls that may be made again when nobody knows whether they were acted on: they read, or doing it twice is doing it once. */
const REPEATABLE: ReadonlySet<HostCallName> = new Set([
  'start',
  'fork',
  'cancel',
  'pause',
  'resume',
  'runs',
  'statistics',
  'forget',
  'alive',
]);

const LOST_ANSWER = 'the host ended before it said whether that was done: look at the run, and do it again if it was not';

/** Hands programs to our worker and its events back. A run that is followed goes on as one stream although the runtime or the host process under it is replaced. */
export class WorkerHost implements Host {
  readonly #link: WorkerLink;
  #closed: Promise<void> | undefined;

  constructor(link: WorkerLink) {
    this.#link = link;
  }

  async *run(program: Program, request: RunRequest): AsyncGenerator<RunEvent, void> {
    const body = JSON.stringify({ program, request });
    yield* this.#follow(request.run, 0, async (next) => {
      if (next > 0) return this.#askEvents(request.run, next, true);
      await this.#link.prepare(program);
      const answer = await this.#link.ask('POST', HOST_ROUTES.run, body);
      // It was begun before the connection was lost; the id is ours alone.
      if (answer.status === 409) return this.#askEvents(request.run, 0, true);
      return okay(answer, HOST_ROUTES.run);
    });
  }

  async call<Name extends HostCallName>(name: Name, ask: HostCalls[Name]['ask']): Promise<HostCalls[Name]['reply']> {
    const program = 'program' in ask ? ask.program : undefined;
    const body = JSON.stringify(ask);
    for (let losses = 0; ; ) {
      try {
        // `program` of a call is one or absent: TypeScript does not see it through the type parameter.
        if (program !== undefined) await this.#link.prepare(program as Program);
        const answer = await okay(await this.#link.ask('POST', HOST_ROUTES.call + name, body), HOST_ROUTES.call + name);
        const reply = JSON.parse(await readText(answer.body)) as HostCalls[Name]['reply'];
        // The first asking did begin it, although its answer was lost.
        const began = losses > 0 && (name === 'start' || name === 'fork') && 'type' in reply && reply.type === 'exists';
        return began ? ({ type: 'started' } as HostCalls[Name]['reply']) : reply;
      } catch (error) {
        losses += 1;
        if (!(error instanceof ConnectionLost) || this.#closed !== undefined) throw error;
        if (error.sent && !REPEATABLE.has(name)) throw new HostError(LOST_ANSWER, { cause: error });
        if (losses === MAX_LOSSES) throw error;
      }
      await pause(AFTER_LOSS_MS);
    }
  }

  async events(run: string, { from = 0, follow = false }: FollowOptions = {}): Promise<AsyncIterable<RunEvent> | undefined> {
    // Costs a run that begins some of its start, which has no need of it.
    const { checkEvent } = await import('./check-event.ts');
    const problemOf: ProblemOf = (value) => {
      const checked = checkEvent(value, 'stored');
      return 'problem' in checked ? checked.problem : problemOfAny(value);
    };
    const first = await this.#again(() => this.#askEvents(run, from, follow));
    if (first === undefined) return undefined;
    if (!follow) return readEvents(first.body, run, problemOf);
    let opened: WorkerAnswer | undefined = first;
    const open = async (next: number) => {
      const answer = opened ?? (await this.#askEvents(run, next, true));
      opened = undefined;
      return answer;
    };
    return this.#follow(run, from, open, problemOf);
  }

  async readProgram(run: string): Promise<Program | undefined> {
    return this.#again(async () => {
      const route = `${HOST_ROUTES.program}?${new URLSearchParams({ run })}`;
      const answer = await found(await this.#link.ask('GET', route), route);
      if (answer === undefined) return undefined;
      // The worker is our own, built from the same types; the run may be older.
      const program = await parseProgram(answer.body, run);
      return program?.format === PROGRAM_FORMAT ? program : undefined;
    });
  }

  close(): Promise<void> {
    this.#closed ??= this.#link.close();
    return this.#closed;
  }

  /** Undefined when there is no such run. */
  async #askEvents(run: string, from: number, follow: boolean): Promise<WorkerAnswer | undefined> {
    const query = new URLSearchParams({ run, from: String(from), ...(follow ? { follow: '1' } : {}) });
    return found(await this.#link.ask('GET', `${HOST_ROUTES.events}?${query}`), HOST_ROUTES.events);
  }

  /** The events from `from` on until `run.finished`, asked for again behind the last one seen whenever they break off. */
  async *#follow(
    run: string,
    from: number,
    open: (next: number) => Promise<WorkerAnswer | undefined>,
    problemOf: ProblemOf = problemOfAny,
  ): AsyncGenerator<RunEvent, void> {
    let next = from;
    for (let losses = 0; ; ) {
      const askedAt = performance.now();
      let lost: HostError = new HostError('the events of the run broke off before its end');
      try {
        const answer = await open(next);
        if (answer === undefined) throw new ProjectProblem(`the run ${run} is gone: its data was deleted`);
        for await (const event of readEvents(answer.body, run, problemOf)) {
          next = event.seq + 1;
          losses = 0;
          yield event;
          if (event.type === 'run.finished') return;
        }
      } catch (error) {
        if (this.#closed !== undefined) return;
        if (!(error instanceof ConnectionLost)) throw error;
        lost = error;
      }
      if (this.#closed !== undefined) return;
      losses = performance.now() - askedAt > LONG_LIFE_MS ? 0 : losses + 1;
      if (losses === MAX_LOSSES) throw lost;
      await pause(AFTER_LOSS_MS);
    }
  }

  /** For what only reads. */
  async #again<Result>(act: () => Promise<Result>): Promise<Result> {
    for (let losses = 1; ; losses++) {
      try {
        return await act();
      } catch (error) {
        if (!(error instanceof ConnectionLost) || losses === MAX_LOSSES || this.#closed !== undefined) throw error;
      }
      await pause(AFTER_LOSS_MS);
    }
  }
}

/** Why a value is no event; undefined when it is one. */
type ProblemOf = (value: unknown) => string | undefined;

/** @throws ProjectProblem for what no worker can have written as an event: the worker is our own, built from the same types, but hands on what lies in the database as it is. */
async function* readEvents(body: AsyncIterable<Uint8Array>, run: string, problemOf: ProblemOf): AsyncGenerator<RunEvent, void> {
  try {
    for await (const value of readNdjson(body)) {
      const problem = problemOf(value);
      if (problem !== undefined) throw new SyntaxError(problem);
      yield value as RunEvent;
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw damaged(run, `are not the events of a run (${error.message})`, error);
  }
}

async function parseProgram(body: AsyncIterable<Uint8Array>, run: string): Promise<Program | null> {
  const text = await readText(body);
  try {
    return JSON.parse(text) as Program | null;
  } catch (error) {
    throw damaged(run, 'is no program', error);
  }
}

function damaged(run: string, why: string, cause: unknown): ProjectProblem {
  return new ProjectProblem(`the record of run ${run} is damaged: what lies in its database ${why}`, { cause });
}

/** What holds for events of all types, also of those that this version does not know. */
function problemOfAny(value: unknown): string | undefined {
  const { seq, at, type }: { readonly seq?: unknown; readonly at?: unknown; readonly type?: unknown } = Object(value);
  return Number.isSafeInteger(seq) && typeof at === 'number' && typeof type === 'string' ? undefined : 'it is no event';
}

/** Undefined for 404. */
async function found(answer: WorkerAnswer, route: string): Promise<WorkerAnswer | undefined> {
  if (answer.status !== 404) return okay(answer, route);
  await readText(answer.body);
  return undefined;
}

async function okay(answer: WorkerAnswer, route: string): Promise<WorkerAnswer> {
  if (answer.status < 300) return answer;
  // A database of a run that was damaged is no fault of ours, and for the user to deal with.
  if (answer.status === 422) throw new ProjectProblem(await readText(answer.body));
  throw new HostError(`the worker answered ${answer.status} to ${route}: ${(await readText(answer.body)).slice(0, 2_000)}`);
}

/** All of a body as text. */
export async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of body) text += decoder.decode(bytes, { stream: true });
  return text + decoder.decode();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
