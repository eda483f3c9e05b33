import { DurableObject } from 'cloudflare:workers';
import type { AnswerOutcome, ApprovalAnswer } from '../program/approval.ts';
import { HOST_ROUTES } from '../program/host-protocol.ts';
import { PROGRAM_FORMAT, type Program } from '../program/program.ts';
import type { RunEvent } from '../program/run-event.ts';
import type { RunRequest } from '../program/run-request.ts';
import { runProgram } from '../runtime/engine/run-program.ts';
import { fold } from '../runtime/journal/fold.ts';
import { OpenQuestions } from '../runtime/open-questions.ts';
import type { Ports } from '../runtime/ports.ts';
import { EventStreams } from './event-streams.ts';
import { shareProgram } from './program-cache.ts';
import { RunStore } from './run-store.ts';
import { SqlJournal } from './sql-journal.ts';
import type { WorkerEnv } from './worker-env.ts';
import { openPorts } from './worker-ports.ts';

/** How soon the alarm looks after a run that has begun, and how long one alarm stays with it. */
const ALARM_AFTER_MS = 5_000;
const ALARM_STAYS_MS = 5 * 60_000;

/**
 * One run (DESIGN §1): its loop, its program and request, its journal, and the streams of those who follow it. An alarm is set as long as the run is alive: it
 * keeps the object in memory, and after a crash it is what finds the run.
 */
export class RunObject extends DurableObject<WorkerEnv> {
  readonly #streams = new EventStreams();
  readonly #store: RunStore;
  readonly #journal: SqlJournal;
  readonly #questions = new OpenQuestions();
  /** Present while the loop is running in this very object. */
  #loop: { readonly done: Promise<void>; readonly cancel: AbortController } | undefined;

  constructor(context: DurableObjectState, env: WorkerEnv) {
    super(context, env);
    this.#store = new RunStore(context.storage.sql);
    this.#journal = new SqlJournal(context.storage, (text) => this.#streams.send(text));
  }

  override async fetch(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === HOST_ROUTES.run) return this.#start(await request.text());
    if (url.pathname === HOST_ROUTES.events) return this.#readEvents(Number(url.searchParams.get('from') ?? '0'));
    if (url.pathname === HOST_ROUTES.program) return this.#readProgram();
    return new Response(null, { status: 404 });
  }

  /** Answers what an agent of the run asks. Only a run whose loop is alive takes an answer: waiting is not durable yet. */
  async answer(agent: string, answer: ApprovalAnswer): Promise<AnswerOutcome> {
    return this.#questions.answer(agent, answer);
  }

  /** Asks the run to stop; its own events say how it ended. False when there is no such run. */
  async cancel(reason: string): Promise<boolean> {
    this.#loop?.cancel.abort(reason);
    return this.#store.exists();
  }

  override async alarm(): Promise<void> {
    if (this.#loop !== undefined) {
      await Promise.race([this.#loop.done, scheduler.wait(ALARM_STAYS_MS)]);
      if (this.#loop !== undefined) await this.ctx.storage.setAlarm(Date.now() + ALARM_AFTER_MS);
    } else if (this.#store.exists()) {
      this.#closeOrphan();
    }
  }

  async #start(text: string): Promise<Response> {
    const { program: given, request } = JSON.parse(text) as { readonly program: Program; readonly request: RunRequest };
    if (given.format !== PROGRAM_FORMAT) {
      return refuse(400, `The program has format ${given.format}; this version of Ensemble runs format ${PROGRAM_FORMAT}.`);
    }
    const { program, hash } = await shareProgram(given);
    if (this.#store.exists()) return refuse(409, `The run ${request.run} exists already.`);
    this.#store.write(JSON.stringify(given), withoutSecrets(request));
    await this.ctx.storage.setAlarm(Date.now() + ALARM_AFTER_MS);
    const stream = this.#streams.open();
    const cancel = new AbortController();
    const ports: Ports = { ...openPorts(this.env, program, hash, request), answers: this.#questions };
    const { run, input, trigger } = request;
    const ended = runProgram({ program, programHash: hash, run, input, trigger, ports, journal: this.#journal, signal: cancel.signal });
    const done = ended.then(
      () => this.#streams.close(),
      (error: unknown) => this.#streams.fail(error),
    );
    this.#loop = { cancel, done: done.then(() => this.#rest()) };
    return new Response(stream, { headers: NDJSON });
  }

  async #rest(): Promise<void> {
    this.#loop = undefined;
    await this.ctx.storage.deleteAlarm();
  }

  #readEvents(from: number): Response {
    if (!this.#store.exists()) return new Response(null, { status: 404 });
    const encoder = new TextEncoder();
    let seq = Number.isSafeInteger(from) && from > 0 ? from : 0;
    // In pieces: the outputs of a long run are more than an isolate may hold at once.
    const stream = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        let text = '';
        for (const line of this.#journal.read(seq)) {
          text += `${line}\n`;
          seq += 1;
          if (text.length > ANSWER_PIECE) break;
        }
        if (text === '') controller.close();
        else controller.enqueue(encoder.encode(text));
      },
    });
    return new Response(stream, { headers: NDJSON });
  }

  #readProgram(): Response {
    if (!this.#store.exists()) return new Response(null, { status: 404 });
    return new Response(this.#store.readProgram(), { headers: { 'content-type': 'application/json' } });
  }

  /** The process ended in the middle of the run. Going on from the journal is not built yet; until then nobody may believe that it still runs. */
  #closeOrphan(): void {
    const snapshot = fold(Array.from(this.#journal.read(), (line) => JSON.parse(line) as RunEvent));
    if (snapshot.finishedAt !== undefined) return;
    const at = Date.now();
    const running = [...snapshot.agents].find(([, agent]) => agent.status === 'running')?.[0];
    const where = running === undefined ? '' : ` while the agent "${running}" was at work`;
    this.#journal.append([
      {
        seq: snapshot.nextSeq,
        at,
        run: this.#store.readRequest().run,
        type: 'run.finished',
        status: 'failed',
        failure: {
          code: 'INTERRUPTED',
          message: `The process that ran the ensemble ended${where}. What agents had done until then stands; start the run again.`,
          retryable: false,
        },
        ...(running === undefined ? {} : { agent: running }),
        duration_ms: snapshot.startedAt === 0 ? 0 : at - snapshot.startedAt,
        steps: [...snapshot.agents.values()].filter(({ status }) => status !== 'skipped').length,
      },
    ]);
  }
}

/** Characters of events that are read and sent at a time. */
const ANSWER_PIECE = 256 * 1024;

/** `identity`: compressed streams arrive only when they are over. */
const NDJSON = { 'content-type': 'application/x-ndjson', 'content-encoding': 'identity' } as const;

function refuse(status: number, message: string): Response {
  return Response.json({ error: { message } }, { status });
}

function withoutSecrets(request: RunRequest): RunRequest {
  const vars = Object.fromEntries(Object.entries(request.vars).filter(([name]) => !request.secretVars.includes(name)));
  return { ...request, vars };
}
